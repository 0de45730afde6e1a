"""Files that end their worker are tried twice, and then stopped with a sentence."""

import resource
import signal
from unittest.mock import patch

import pytest

from fusus_portal.ground import memory as ground
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.streets import contents, services, street_map, tasks, uploads as streets
from fusus_portal.ground.streets.models import House, StreetData
from fusus_portal.ground.streets.states import LoadState
from tests.database.clone import Clone

from . import uploads
from .test_loading import started

TOO_MUCH = (
    "Two workers ended while they read these files, which may take more than a worker has: 2 GB and 50 minutes. Upload "
    "files with less in them, or load them at the server: manage.py places load."
)
WORKER = """
import os, signal, sys
import django
django.setup()
from fusus_portal.ground.streets import services, street_map
street_map.draw_map = lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL)
services.read_upload(pk=int(sys.argv[1]))
"""


def taken_up() -> int:
    """Return how many loadings are offered to the workers, once those that worked on them are given up."""
    for pk in StreetData.objects.values_list("pk", flat=True):
        streets.forget_progress(pk)
    with patch.object(broker, "offer", return_value=True):
        return tasks.take_up_streets()


@pytest.mark.django_db(transaction=True)
def test_a_loading_that_killed_two_workers_is_stopped(portal_db: Clone) -> None:
    """It was taken up for ever. Each worker here is a process that is killed (SIGKILL) after it wrote the rows."""
    data = uploads.uploaded()
    for _worker in range(2):
        assert taken_up() == 1
        with started(portal_db, "-c", WORKER, data.pk) as process:
            said = process.stderr.read() if process.stderr else ""
        assert process.returncode == -signal.SIGKILL, said
        data.refresh_from_db()
        assert (data.state, House.objects.count()) == (LoadState.LOADING, 0)
    assert taken_up() == 1
    assert services.read_upload(pk=data.pk)
    data.refresh_from_db()
    assert (data.state, data.why, data.tries) == (LoadState.FAILED, TOO_MUCH, 3)
    assert taken_up() == 0


@pytest.mark.django_db
def test_a_second_worker_finishes_what_killed_the_first() -> None:
    data = uploads.uploaded()
    with patch.object(street_map, "draw_map", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        services.read_upload(pk=data.pk)
    assert services.read_upload(pk=data.pk)
    data.refresh_from_db()
    assert (data.state, data.tries) == (LoadState.READY, 2)


@pytest.mark.django_db
def test_a_worker_that_comes_too_early_takes_no_try_and_forgets_no_progress() -> None:
    """A task may be given twice: the second one leaves the first one's loading, and what it said of it, alone."""
    data = uploads.uploaded()
    streets.note_progress(data.pk, "addresses.csv", 1, None)
    assert not services.read_upload(pk=data.pk)
    data.refresh_from_db()
    assert (data.state, data.tries) == (LoadState.LOADING, 0)
    assert streets.progress_of(data.pk) == {"name": "addresses.csv", "done": 1, "whole": None}


@pytest.mark.django_db
def test_files_that_need_more_memory_than_a_worker_has_stop_the_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_MEMORY", 64 << 20)
    data = uploads.uploaded()
    before = resource.getrlimit(resource.RLIMIT_DATA)
    held = []
    with patch.object(contents, "fill", side_effect=lambda *_given, **_named: held.append(bytearray(256 << 20))):
        assert services.read_upload(pk=data.pk)
    data.refresh_from_db()
    assert (data.state, data.why) == (LoadState.FAILED, TOO_MUCH.replace("2 GB", "0 GB"))
    assert (held, resource.getrlimit(resource.RLIMIT_DATA)) == ([], before)


def test_memory_below_the_bound_is_given_and_a_stricter_bound_stays() -> None:
    before, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with ground.bounded(256 << 20):
        assert len(bytearray(64 << 20)) == 64 << 20
        bound = resource.getrlimit(resource.RLIMIT_DATA)[0]
        with ground.bounded(1 << 40):
            assert resource.getrlimit(resource.RLIMIT_DATA)[0] == bound
        with pytest.raises(MemoryError):
            bytearray(512 << 20)
    assert resource.getrlimit(resource.RLIMIT_DATA) == (before, hard)
