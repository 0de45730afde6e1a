"""Sentences on the pages of live view, at each state."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from integration.cores.models import Core, DeviceCamera
from integration.live import presenters, tiles
from integration.live.models import ViewGrant
from integration.live.policies import CONDITIONS
from integration.live.video.hls import Playlist
from integration.rules import BUFFER_SECONDS
from registry.incidents.models import Incident, IncidentType
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant
from registry.rules import CLOSING_TAKEN_BACK_WITHIN

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
LATER, SECOND = NOW + timedelta(hours=4), timedelta(seconds=1)
ANA, BEN = User(pseudonym="Supervisor ANA1"), User(pseudonym="Deputy BEN2")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def incident(**columns: Any) -> Incident:
    """Return an incident that is not saved."""
    return Incident(number="2026-1", type=IncidentType(name="Robbery"), **columns)


def view(**columns: Any) -> ViewGrant:
    """Return a view that is not saved."""
    premises = Premises(registrant=Registrant(name="Acme"))
    behind = DeviceCamera(camera=Camera(name="Dock", premises=premises), core=Core(), picture="unknown")
    return ViewGrant(**{"camera": behind, "state": "running", "ends_at": LATER, **columns})


def test_a_tile_names_its_camera_and_who_else_sees_it() -> None:
    tile = tiles.tile_of(view(), [], [])
    assert (tile["name"], tile["place"], tile["others"]) == ("Dock", "Acme", "nobody")
    gone = tiles.tile_of(view(camera=None), ["Deputy BEN2", "Supervisor ANA1"], [])
    assert (gone["name"], gone["place"], gone["others"]) == ("", "", "Deputy BEN2, Supervisor ANA1")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, None),
        ({"state": "ended"}, "This view is over."),
        ({"state": "ended", "condition": "pause"}, "Sharing is paused until the owner resumes."),
    ],
)
def test_a_page_hears_that_a_view_is_over_and_why(columns: dict[str, Any], said: str | None) -> None:
    found = tiles.state_of(view(**columns), [], [])
    assert found["over"] is (said is not None)
    assert found.get("sentence") == said


@pytest.mark.parametrize(("age", "is_current"), [(BUFFER_SECONDS, True), (BUFFER_SECONDS + 0.1, False)])
def test_a_list_of_pieces_grows_old(age: float, is_current: bool) -> None:
    assert tiles.is_current(Playlist((), at=NOW.timestamp() - age), NOW) is is_current


@pytest.mark.parametrize(
    ("behind", "told", "said"),
    [
        (None, 0, "The CORE of this camera is offline."),
        (DeviceCamera(core=Core(told_offline_at=NOW)), 1, "The CORE of this camera is offline."),
        (DeviceCamera(core=Core()), None, "Waiting for the CORE to connect"),
        (DeviceCamera(core=Core(), picture="running"), 10, "Waiting for its first picture."),
        (DeviceCamera(core=Core(), picture="running"), 11, "The camera gives no picture."),
        (DeviceCamera(core=Core(), picture="lost"), 1, "The camera gives no picture."),
    ],
)
def test_what_a_view_waits_for(behind: DeviceCamera | None, told: int | None, said: str) -> None:
    told_at = 0.0 if told is None else NOW.timestamp() - told
    assert said in tiles.waits_for(view(camera=behind), told_at=told_at, now=NOW)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "Nobody has verified this incident yet."),
        ({"verified_at": NOW}, "This incident is not declared critical"),
        ({"verified_at": NOW, "closed_at": NOW}, "The incident is closed."),
    ],
)
def test_why_no_camera_is_offered(columns: dict[str, Any], said: str) -> None:
    assert said in presenters._why_none(incident(**columns))


def test_a_closed_incident_says_that_the_closing_can_be_taken_back() -> None:
    closed = next(each for each in CONDITIONS if each.name == "incident open")
    assert str(closed.change).startswith(
        "The person who closed it, or a supervisor, can take that back within ten minutes."
    )
    assert timedelta(minutes=10) == CLOSING_TAKEN_BACK_WITHIN


@pytest.mark.parametrize(("seconds", "said"), [(1, "1 minute left"), (89, "1 minute left"), (91, "2 minutes left")])
def test_how_much_time_is_left(seconds: int, said: str) -> None:
    assert presenters._left(timedelta(seconds=seconds)) == said
