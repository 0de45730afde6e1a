"""A canvass as a deputy reads it: what can be done, what its cameras see, and in what order doors come."""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.pages.times import window
from registry.canvasses.models import Approval, Canvass
from registry.canvasses.presenters import console
from registry.canvasses.presenters.console import canvass_actions
from registry.canvasses.services.searches import Findings, FoundCamera
from registry.canvasses.states import CanvassState
from registry.incidents.models import Incident
from registry.limits.models import Limits
from registry.places.presenters import described, overwritten, sector, sees
from registry.places.services.cameras import CameraDetails
from tests.factories import LINN_PARK

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
OAK = Address("9 Oak Street", "Birmingham", "AL", "35203")


def canvass(state: str = "draft", **columns: Any) -> Canvass:
    """Return a canvass of an open incident, neither of them saved."""
    area = {"latitude": LINN_PARK.latitude, "longitude": LINN_PARK.longitude, "radius_m": 100}
    usual = {
        "incident": Incident(state="open", number="2026-1"),
        **area,
        "starts_at": NOW - 2 * DAY / 24,
        "ends_at": NOW,
    }
    return Canvass(state=state, **{**usual, **columns})


def camera(name: str = "Dock", **more: Any) -> FoundCamera:
    """Return a camera as a canvass finds it. more: its address, why it is left out, and what its owner says of it."""
    where = {"address": more.pop("address", OAK), "left_out": more.pop("left_out", "")}
    place = uuid5(NAMESPACE_URL, str(where["address"]))
    return FoundCamera(uuid4(), place, True, CameraDetails(name, **more), point=LINN_PARK, **where)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("found", "names"),
    [
        (canvass("draft"), ["send", "change", "close"]),
        (canvass("draft", beyond_limits=True), ["approval", "change", "close"]),
        (canvass("approved", beyond_limits=True), ["send", "change", "close"]),
        (canvass("denied", beyond_limits=True), ["change", "close"]),
        (canvass("sent"), ["withdraw", "close"]),
        (canvass("withdrawn"), ["close"]),
        (canvass("expired"), ["close"]),
        (canvass("closed"), []),
    ],
)
def test_what_can_be_done_at_each_state(found: Canvass, names: list[str]) -> None:
    shown = Findings(owners=2, already_asked=0, cameras=())
    searched_twice = canvass_actions(found, shown, None, User(), may_change="Twice.", limits=Limits())
    assert [action.name for action in searched_twice] == names
    searched_again = canvass_actions(found, shown, None, User(), limits=Limits())
    assert [action.name for action in searched_again] == [name for name in names if name != "change"]  # a form does it
    assert all(not action.reason for action in searched_again)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("findings", "label", "reason"),
    [
        (Findings(0, 0, ()), "Send to 0 owners", "Nobody is left to ask"),
        (Findings(1, 0, ()), "Send to 1 owner", ""),
        (Findings(2, 0, ()), "Send to 2 owners", ""),
        (Findings(2, 0, None, "A supervisor first."), "Send to 2 owners", "A supervisor first."),
        (Findings(None, 0, None, "A supervisor first."), "Send", "A supervisor first."),
        (None, "Send to 0 owners", "Deputies and supervisors open incidents and work on them."),
    ],
)
def test_to_whom_it_is_sent_and_why_not(findings: Findings | None, label: str, reason: str) -> None:
    send = canvass_actions(canvass(), findings, None, User(), limits=Limits())[0]
    assert (send.label, reason in send.reason, bool(send.reason)) == (label, True, bool(reason))


@pytest.mark.django_db
def test_who_approved_it_does_not_send_it() -> None:
    by, found = User(), Findings(1, 0, ())
    for decided_by, reason in ((by, "You approved this canvass, so somebody else sends it."), (User(), "")):
        send = canvass_actions(canvass("approved"), found, Approval(decided_by=decided_by), by)[0]
        assert send.reason == reason


@pytest.mark.parametrize("state", CanvassState)
def test_its_cameras_are_shown_while_it_is_at_work(state: CanvassState) -> None:
    is_shown = state not in ("withdrawn", "expired", "closed")
    assert console.shows_cameras(canvass(state)) is is_shown
    closed = canvass(state)
    closed.incident.state = "closed"
    assert not console.shows_cameras(closed)


@pytest.mark.parametrize(
    ("meters", "said"), [(0, "0 ft"), (30, "100 ft"), (304.7, "1000 ft"), (304.8, "0.19 mi"), (1_609.344, "1.00 mi")]
)
def test_how_far_a_camera_is(meters: float, said: str) -> None:
    assert console._distance(meters) == said


def test_a_row_says_what_is_known_of_a_camera_and_why_it_is_left_out() -> None:
    found = canvass(latitude=LINN_PARK.latitude, longitude=LINN_PARK.longitude, starts_at=NOW, ends_at=NOW)
    row = console._row(camera(), found)
    assert (row["name"], row["left_out"], row["distance"]) == ("Dock", "", "0 ft")
    row = console._row(camera(kind="doorbell", left_out="view"), found)
    assert (row["name"], bool(row["left_out"])) == ("Dock (doorbell)", True)


@pytest.mark.parametrize(
    ("facing", "angle", "reach", "said", "drawn"),
    [
        (None, None, None, "", False),
        (0, None, None, "faces north", False),
        (0, 90, None, "faces north, 90° wide", False),
        (0, None, 30, "faces north, as far as 100 feet", False),
        (0, 90, 30, "faces north, 90° wide, as far as 100 feet", True),
    ],
)
def test_what_a_camera_sees(facing: int | None, angle: int | None, reach: int | None, said: str, drawn: bool) -> None:
    details = CameraDetails("Dock", facing=facing, angle=angle, reach_m=reach)
    assert sees(details) == said
    assert sector(details) == ({"facing": 0, "angle": 90, "reach": 30} if drawn else {})


def test_how_long_it_keeps_footage() -> None:
    said = [described({"name": "Dock", "days_kept": days}) for days in (None, 1, 14)]
    assert said == ["", "keeps footage 1 day", "keeps footage 14 days"]


@pytest.mark.parametrize(
    ("days", "now", "said"),
    [
        (None, NOW + 99 * DAY, ""),
        (7, NOW + 7 * DAY - SECOND, ""),
        (7, NOW + 7 * DAY, "Keeps 7 days: part of this footage may be overwritten already."),
        (7, NOW + 8 * DAY - SECOND, "Keeps 7 days: part of this footage may be overwritten already."),
        (7, NOW + 8 * DAY, "Keeps 7 days: this footage is probably overwritten already."),
    ],
)
def test_when_footage_is_probably_gone(days: int | None, now: datetime, said: str) -> None:
    assert overwritten(days, NOW, NOW + DAY, now) == said


def test_a_stretch_of_time_says_its_day_once_where_it_ends_on_it() -> None:
    assert window(NOW, NOW + timedelta(hours=1)) == "June 15, 2026, 12:00 p.m. to 1:00 p.m. CDT"
    assert window(NOW, NOW + DAY) == "June 15, 2026, 12:00 p.m. to June 16, 2026, 12:00 p.m. CDT"


def test_doors_are_in_the_order_of_a_walk_without_cameras_that_are_left_out() -> None:
    found = [
        camera(address=Address("10 Oak Street", "Birmingham", "AL", "35203")),
        camera("Porch", kind="doorbell", covers="the street"),
        camera("Gate", facing=90),
        camera("Attic", left_out="view"),
        camera(address=Address("Fair Park", "Birmingham", "AL", "35203")),
    ]
    assert [(door["address"].partition(",")[0], door["cameras"]) for door in console._doors(found)] == [
        ("Fair Park", ["Dock"]),
        ("9 Oak Street", ["Gate, faces east", "Porch (doorbell), looks at the street"]),
        ("10 Oak Street", ["Dock"]),
    ]
