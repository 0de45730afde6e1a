"""Steps of streets and addresses."""

from datetime import timedelta

from django.utils import timezone

from audit.log.actors import AT_THE_SERVER, Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.streets import services as streets
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.states import STREETS, LoadState as State
from tests.factories import person
from tests.lifecycle.drivers import Taken, drives, take
from tests.streets import uploads


def by(role: str) -> User | Actor:
    """Return an administrator, or the operator at the server."""
    return AT_THE_SERVER if role == "operator" else person("administrator")


def discard(data: StreetData, role: str) -> Taken:
    """Discard an upload as an administrator, or by the clock."""
    if role == "administrator":
        return take(data, lambda: streets.discard_load(data=data, by=by(role)))
    StreetData.objects.filter(pk=data.pk).update(loaded_at=timezone.now() - timedelta(days=8))
    return take(data, streets.discard_old_loads)


@drives(STREETS, State.LOADING, State.READY, "task")
def read(role: str) -> Taken:
    """A worker has read the files."""
    data = uploads.uploaded()
    return take(data, lambda: streets.read_upload(pk=data.pk))


@drives(STREETS, State.LOADING, State.FAILED, "task")
def stop(role: str) -> Taken:
    """The files are of another county."""
    data = uploads.uploaded(uploads.SHELBY)
    return take(data, lambda: streets.read_upload(pk=data.pk))


@drives(STREETS, State.READY, State.CURRENT, "administrator", "operator")
def use(role: str) -> Taken:
    """An upload that is ready is put in use."""
    data = uploads.ready()
    return take(data, lambda: streets.use_load(data=data, by=by(role)))


@drives(STREETS, State.READY, State.GONE, "administrator", "task")
def discard_ready(role: str) -> Taken:
    """An upload that is ready is discarded."""
    return discard(uploads.ready(), role)


@drives(STREETS, State.FAILED, State.GONE, "administrator", "task")
def discard_failed(role: str) -> Taken:
    """An upload that can't be used is discarded."""
    return discard(uploads.failed(), role)


@drives(STREETS, State.CURRENT, State.PREVIOUS, "administrator", "operator")
def keep(role: str) -> Taken:
    """Another upload takes the place of the one in use."""
    data, other = uploads.current(), uploads.ready()
    return take(data, lambda: streets.use_load(data=other, by=by(role)))


@drives(STREETS, State.PREVIOUS, State.CURRENT, "administrator", "operator")
def go_back(role: str) -> Taken:
    """The upload used before is put in use again."""
    data = uploads.previous()
    return take(data, lambda: streets.go_back_to_previous(by=by(role)))


@drives(STREETS, State.PREVIOUS, State.GONE, "administrator", "operator")
def let_go(role: str) -> Taken:
    """A third upload is put in use, and the first one goes."""
    data, third = uploads.previous(), uploads.ready()
    return take(data, lambda: streets.use_load(data=third, by=by(role)))
