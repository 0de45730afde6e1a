"""How the services of streets and addresses are called."""

from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from django.utils import timezone

from audit.log.events import Event
from fusus_portal.demo.data import tiger
from fusus_portal.ground.streets import services as streets
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import open_source
from fusus_portal.ground.streets.services import NewAddress
from tests.audit.acts import Act, calls
from tests.factories import LINN_PARK, person
from tests.streets.test_boundaries import JEFFERSON, census
from tests.streets.uploads import HOMES, as_file, current, previous, ready, uploaded

MAP = ("streets_streetdata",)
"""A map is drawn before the commit, so that nobody searches data without one."""


@calls(streets.load_streets, Event.STREETS_USED)
def load() -> Act:
    file = tiger.write_points(Path(mkdtemp()) / "a.csv", HOMES)
    return lambda: streets.load_streets(sources=[open_source(file)])


@calls(streets.use_load, Event.STREETS_USED)
def use() -> Act:
    data, by = ready(), person("administrator")
    return lambda: streets.use_load(data=data, by=by)


@calls(streets.go_back_to_previous, Event.STREETS_BACK)
def go_back() -> Act:
    previous()
    by = person("administrator")
    return lambda: streets.go_back_to_previous(by=by)


@calls(streets.discard_load, Event.STREETS_DISCARDED)
def discard() -> Act:
    data, by = ready(), person("administrator")
    return lambda: streets.discard_load(data=data, by=by)


@calls(streets.add_address, Event.ADDRESS_ADDED)
def add_address() -> Act:
    current()
    address = NewAddress("7 Nowhere Ln", "Birmingham", "35205", LINN_PARK)
    by = person("administrator")
    return lambda: streets.add_address(address=address, by=by)


@calls(streets.take_out_address, Event.ADDRESS_TAKEN_OUT)
def take_out_address() -> Act:
    current()
    address, by = NewAddress("7 Nowhere Ln", "Birmingham", "35205", LINN_PARK), person("administrator")
    added = streets.add_address(address=address, by=by)
    return lambda: streets.take_out_address(added=added, by=by)


@calls(streets.load_boundaries, Event.BOUNDARIES_LOADED)
def load_boundaries() -> Act:
    file = census(Path(mkdtemp()), codes=(JEFFERSON,))
    return lambda: streets.load_boundaries(path=file)


@calls(streets.upload_files, Event.STREETS_UPLOADED)
def upload() -> Act:
    by = person("administrator")
    return lambda: streets.upload_files(uploaded=[as_file()], by=by)


@calls(streets.read_upload, Event.STREETS_READ, written_before=MAP)
def read() -> Act:
    data = uploaded()
    return lambda: streets.read_upload(pk=data.pk)


@calls(streets.discard_old_loads, Event.STREETS_DISCARDED)
def discard_old() -> Act:
    data = ready()
    StreetData.objects.filter(pk=data.pk).update(loaded_at=timezone.now() - timedelta(days=8))
    return streets.discard_old_loads
