"""How the services of streets and addresses are called."""

from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from django.utils import timezone

from audit.log.events import Event
from fusus_portal.demo.data import tiger
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import open_source
from fusus_portal.ground.streets.services import loads, uploads
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.streets.uploads import HOMES, as_file, previous, ready, uploaded

MAP = ("streets_streetdata",)
"""A map is drawn before the commit, so that nobody searches data without one."""


@calls(loads.load, Event.STREETS_USED)
def load() -> Act:
    file = tiger.write_points(Path(mkdtemp()) / "a.csv", HOMES)
    return lambda: loads.load(sources=[open_source(file)])


@calls(loads.use, Event.STREETS_USED)
def use() -> Act:
    data, by = ready(), person("administrator")
    return lambda: loads.use(data=data, by=by)


@calls(loads.go_back, Event.STREETS_BACK)
def go_back() -> Act:
    previous()
    by = person("administrator")
    return lambda: loads.go_back(by=by)


@calls(loads.discard, Event.STREETS_DISCARDED)
def discard() -> Act:
    data, by = ready(), person("administrator")
    return lambda: loads.discard(data=data, by=by)


@calls(uploads.upload, Event.STREETS_UPLOADED)
def upload() -> Act:
    by = person("administrator")
    return lambda: uploads.upload(uploaded=[as_file()], by=by)


@calls(uploads.read, Event.STREETS_READ, written_before=MAP)
def read() -> Act:
    data = uploaded()
    return lambda: uploads.read(pk=data.pk)


@calls(uploads.discard_old, Event.STREETS_DISCARDED)
def discard_old() -> Act:
    data = ready()
    StreetData.objects.filter(pk=data.pk).update(loaded_at=timezone.now() - timedelta(days=8))
    return uploads.discard_old
