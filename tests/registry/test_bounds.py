"""The bounds of canvasses, places, delays and words of dispatch: the last that is taken, the first that is not."""

import math
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from fusus_portal.ground.geo.geocoding import Address, Geocoded
from fusus_portal.ground.geo.points import Area, Point, Precision, radius_for
from fusus_portal.ground.lifecycle import Refused, Stale
from registry.access_log import policies as access_log_policies
from registry.access_log.models import LookDelay
from registry.canvasses import policies as canvasses
from registry.canvasses.models import Canvass, SearchBound
from registry.canvasses.policies import Seen
from registry.footage import policies as footage
from registry.imports import policies as import_policies
from registry.incidents.dispatch_format import Claims, Item
from registry.incidents.models import Incident, IncidentType
from registry.incidents.policies import dispatch, incidents
from registry.limits.models import Limits
from registry.places import policies as place_policies
from registry.rules import (
    CAMERAS_AT_ONE,
    CEILING_RADIUS_M,
    CEILING_WINDOW,
    FEWEST_CORNERS,
    LONGEST_LOOK_DELAY,
    MOST_CORNERS,
    NEARBY_M,
    PIN_FAR_FROM_ROOFTOP_M,
    PIN_FAR_FROM_ZIP_M,
    PLACES_OF_ONE,
    RADIUS_TOLERANCE_M,
    UNVERIFIED_INCIDENTS_A_DAY,
    UNVERIFIED_OWNERS,
    UNVERIFIED_OWNERS_A_WEEK,
    UNVERIFIED_REDRAWINGS,
    WINDOW_REACH,
)
from tests.factories import LINN_PARK, north_of

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LIMITS = Limits()
INCIDENT = Incident(
    starts_at=NOW - 10 * HOUR,
    ends_at=NOW - 9 * HOUR,
    latitude=LINN_PARK.latitude,
    longitude=LINN_PARK.longitude,
    type=IncidentType(code="robbery"),
)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def circle(meters: float) -> None:
    canvasses.check_area(Area(LINN_PARK, meters), LIMITS)


def square(square_miles: float) -> Area:
    """Return a polygon of so many square miles."""
    half = (square_miles**0.5) / 2 * 1609.344
    wide = half / 111_320 / 0.83480
    high = half / 111_194.93
    corners = [(-high, -wide), (-high, wide), (high, wide), (high, -wide)]
    return Area.polygon([Point(LINN_PARK.latitude + up, LINN_PARK.longitude + along) for up, along in corners])


def polygon(corners: int) -> None:
    """Ask for an area with so many corners, all on one circle."""
    turns = [math.tau * number / corners for number in range(corners)]
    around = [
        Point(LINN_PARK.latitude + 0.003 * math.cos(turn), LINN_PARK.longitude + 0.003 * math.sin(turn))
        for turn in turns
    ]
    canvasses.check_area(Area.polygon(around), LIMITS)


def window(begin: datetime, end: datetime) -> None:
    canvasses.check_window(begin, end, INCIDENT, LIMITS)


def ended(ago: timedelta) -> Incident:
    """Return an incident that was over so long ago."""
    return Incident(starts_at=NOW - ago - HOUR, ends_at=NOW - ago)


def columns(**chosen: int) -> None:
    import_policies.check_columns(chosen, width=3)


def pin(meters: float, precision: Precision) -> None:
    place_policies.check_pin(north_of(LINN_PARK, meters), address=Geocoded(LINN_PARK, precision, None))


BEGIN = NOW - 6 * HOUR
TAKEN: list[Callable[[], object]] = [
    lambda: circle(LIMITS.smallest_radius_m - RADIUS_TOLERANCE_M),
    lambda: circle(CEILING_RADIUS_M),
    lambda: canvasses.check_area(square(1.99), LIMITS),
    lambda: polygon(FEWEST_CORNERS),
    lambda: polygon(MOST_CORNERS),
    lambda: canvasses.check_nearby(Area(north_of(LINN_PARK, NEARBY_M - 1), 100), INCIDENT),
    lambda: window(BEGIN, BEGIN + LIMITS.shortest_window),
    lambda: window(NOW - CEILING_WINDOW, NOW),
    lambda: canvasses.check_window(
        INCIDENT.starts_at - WINDOW_REACH - HOUR, INCIDENT.starts_at - WINDOW_REACH, INCIDENT, LIMITS
    ),
    lambda: canvasses.check_window(NOW - HOUR, NOW, ended(HOUR + WINDOW_REACH), LIMITS),
    lambda: incidents.check_window(NOW, NOW + SECOND),
    lambda: pin(PIN_FAR_FROM_ROOFTOP_M - 1, Precision.ROOFTOP),
    lambda: pin(PIN_FAR_FROM_ZIP_M - 10, Precision.AREA),
    lambda: place_policies.check_room_for_place(PLACES_OF_ONE - 1),
    lambda: place_policies.check_room_for_camera(CAMERAS_AT_ONE - 1),
    lambda: access_log_policies.check_days(1),
    lambda: access_log_policies.check_days(LONGEST_LOOK_DELAY.days),
    lambda: footage.check_start(NOW),
    lambda: footage.check_start(None),
    lambda: columns(name=0, email=1, city=2),
]
REFUSED: list[Callable[[], object]] = [
    lambda: circle(LIMITS.smallest_radius_m - 2),
    lambda: circle(CEILING_RADIUS_M + 0.1),
    lambda: canvasses.check_area(square(2.01), LIMITS),
    lambda: canvasses.check_area(square(float(LIMITS.smallest_area) * 0.99), LIMITS),
    lambda: polygon(FEWEST_CORNERS - 1),
    lambda: polygon(MOST_CORNERS + 1),
    lambda: canvasses.check_nearby(Area(north_of(LINN_PARK, NEARBY_M + 1), 100), INCIDENT),
    lambda: window(BEGIN, BEGIN),
    lambda: window(BEGIN, BEGIN + LIMITS.shortest_window - SECOND),
    lambda: window(NOW - HOUR, NOW + SECOND),
    lambda: window(NOW - CEILING_WINDOW - SECOND, NOW),
    lambda: canvasses.check_window(
        INCIDENT.starts_at - WINDOW_REACH - HOUR, INCIDENT.starts_at - WINDOW_REACH - SECOND, INCIDENT, LIMITS
    ),
    lambda: canvasses.check_window(NOW - HOUR, NOW, ended(HOUR + WINDOW_REACH + SECOND), LIMITS),
    lambda: incidents.check_window(NOW + SECOND, NOW + HOUR),
    lambda: incidents.check_window(NOW, NOW),
    lambda: pin(PIN_FAR_FROM_ROOFTOP_M + 1, Precision.ROOFTOP),
    lambda: pin(PIN_FAR_FROM_ZIP_M + 10, Precision.AREA),
    lambda: place_policies.check_room_for_place(PLACES_OF_ONE),
    lambda: place_policies.check_room_for_camera(CAMERAS_AT_ONE),
    lambda: access_log_policies.check_days(0),
    lambda: access_log_policies.check_days(LONGEST_LOOK_DELAY.days + 1),
    lambda: footage.check_start(NOW + SECOND),
    lambda: columns(name=-1),
    lambda: columns(name=3),
    lambda: columns(name=1, email=1),
]


@pytest.mark.parametrize("check", TAKEN)
def test_it_is_taken(check: Callable[[], object]) -> None:
    check()


@pytest.mark.parametrize("check", REFUSED)
def test_it_is_refused(check: Callable[[], object]) -> None:
    with pytest.raises(ValidationError):
        check()


@pytest.mark.parametrize(
    ("area", "hours", "is_beyond"),
    [
        (Area(LINN_PARK, LIMITS.largest_radius_m + RADIUS_TOLERANCE_M), 12, False),
        (Area(LINN_PARK, LIMITS.largest_radius_m + 2), 12, True),
        (Area(LINN_PARK, radius_for(0.1)), 12.01, True),
        (square(float(LIMITS.largest_area) * 0.99), 12, False),
        (square(float(LIMITS.largest_area) * 1.01), 12, True),
    ],
)
def test_what_a_supervisor_has_to_approve(area: Area, hours: float, is_beyond: bool) -> None:
    assert canvasses.is_beyond_limits(area, NOW - timedelta(hours=hours), NOW, LIMITS) is is_beyond


def owners(number: int) -> frozenset[UUID]:
    return frozenset(UUID(int=each) for each in range(number))


@pytest.mark.parametrize(
    ("searched", "seen", "bound"),
    [
        (0, UNVERIFIED_OWNERS_A_WEEK, SearchBound.NONE),
        (0, UNVERIFIED_OWNERS_A_WEEK + 1, SearchBound.WEEK),
        (UNVERIFIED_INCIDENTS_A_DAY - 1, 0, SearchBound.NONE),
        (UNVERIFIED_INCIDENTS_A_DAY, 0, SearchBound.DAY),
    ],
)
def test_what_is_beyond_one_person(searched: int, seen: int, bound: SearchBound) -> None:
    before = Seen(searched, owners(1 if seen else 0), frozenset())
    assert canvasses.bound_of_search(before, owners(seen), LIMITS) == bound


def test_the_words_for_how_often_a_canvass_is_redrawn_are_the_number() -> None:
    assert UNVERIFIED_REDRAWINGS == 2  # "redrawn more than twice"


def test_how_many_owners_an_unverified_incident_shows() -> None:
    seen = Seen(0, frozenset(), owners(2))
    canvasses.may_show_owners(Canvass(), seen, owners(UNVERIFIED_OWNERS))
    with pytest.raises(Refused):
        canvasses.may_show_owners(Canvass(), seen, owners(UNVERIFIED_OWNERS + 1))


@pytest.mark.parametrize(
    ("beyond", "state", "is_shown"),
    [(True, "approved", True), (True, "sent", True), (True, "draft", False), (False, "sent", False)],
)
def test_how_many_owners_one_person_is_shown_in_a_week(beyond: bool, state: str, is_shown: bool) -> None:
    seen, canvass = Seen(0, owners(2), frozenset()), Canvass(beyond_limits=beyond, state=state)
    canvasses.may_see_owners(canvass, seen, owners(UNVERIFIED_OWNERS_A_WEEK), LIMITS)
    with nullcontext() if is_shown else pytest.raises(canvasses.BeyondOnePerson):
        canvasses.may_see_owners(canvass, seen, owners(UNVERIFIED_OWNERS_A_WEEK + 1), LIMITS)


ITEM = Item(
    id="CAD-1",
    number="2026-500001",
    type="robbery",
    place="Linn Park",
    latitude=LINN_PARK.latitude,
    longitude=LINN_PARK.longitude,
    as_of=NOW,
    starts_at=INCIDENT.starts_at,
    ends_at=INCIDENT.ends_at,
)


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        ({}, set()),
        ({"type": "burglary"}, {"type"}),
        ({"latitude": north_of(LINN_PARK, 499).latitude}, set()),
        ({"latitude": north_of(LINN_PARK, 501).latitude}, {"place"}),
        ({"starts_at": INCIDENT.ends_at + 2 * HOUR, "ends_at": NOW}, set()),
        ({"starts_at": INCIDENT.ends_at + 2 * HOUR + SECOND, "ends_at": NOW}, {"window"}),
        ({"starts_at": BEGIN - 9 * HOUR, "ends_at": INCIDENT.starts_at - 2 * HOUR}, set()),
        ({"starts_at": BEGIN - 9 * HOUR, "ends_at": INCIDENT.starts_at - 2 * HOUR - SECOND}, {"window"}),
    ],
)
def test_in_what_dispatch_and_the_office_differ(said: dict[str, Any], differs: set[str]) -> None:
    assert set(dispatch.what_differs(ITEM._replace(**said), INCIDENT)) == differs


@pytest.mark.parametrize(
    ("issued_at", "is_fresh"),
    [
        (NOW - HOUR, True),
        (NOW - HOUR - SECOND, False),
        (NOW + dispatch.CLOCK_TOLERANCE, True),
        (NOW + dispatch.CLOCK_TOLERANCE + SECOND, False),
    ],
)
def test_how_old_a_word_of_dispatch_may_be(issued_at: datetime, is_fresh: bool) -> None:
    assert dispatch.is_fresh(Claims("cad", "d-1", issued_at, ()), within=HOUR) is is_fresh


def test_a_delay_is_over_at_its_moment() -> None:
    access_log_policies.must_run(LookDelay(ends_at=NOW + SECOND))
    with pytest.raises(Stale):
        access_log_policies.must_run(LookDelay(ends_at=NOW))


HERE = Address("600 20th Street North", "Birmingham", "AL", "35203")


@pytest.mark.parametrize("there", [{"street": "1 Oak Street"}, {"city": "Hoover"}, {"zip_code": "35216"}])
def test_who_moves_goes_somewhere_else(there: dict[str, str]) -> None:
    place_policies.check_moves(HERE, to=replace(HERE, **there))
    with pytest.raises(ValidationError, match="the address that we have"):
        place_policies.check_moves(HERE, to=Address(" 600  20TH street north", "birmingham", "al", "35203-1234"))
