"""A canvass of a polygon: what may be drawn, who is found, and that the database holds it too."""

import math

import pytest
import shapely
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from psycopg.errors import CheckViolation, RestrictViolation

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point
from registry.canvasses.models import Canvass, FootageRequest, LeftOut
from registry.canvasses.services import canvasses
from tests.factories import LINN_PARK, camera_at, canvass_at, draft_of, incident_at, registrant_at
from tests.registry.canvasses.many import register_at
from tests.registry.test_guard import ask_about, refused_with

pytestmark = pytest.mark.django_db


def moved(east_m: float, north_m: float) -> Point:
    """Return a point so many meters east and north of Linn Park."""
    across = METERS_PER_DEGREE * math.cos(math.radians(LINN_PARK.latitude))
    return Point(LINN_PARK.latitude + north_m / METERS_PER_DEGREE, LINN_PARK.longitude + east_m / across)


L_SHAPE = [moved(-300, -300), moved(300, -300), moved(300, 0), moved(0, 0), moved(0, 300), moved(-300, 300)]
"""Two streets that meet, without the quarter between them to the northeast."""


def test_it_is_kept_closed_with_its_size_and_its_circle() -> None:
    canvass = draft_of(incident_at(), corners=L_SHAPE)
    canvass.refresh_from_db()
    assert canvass.corners is not None
    assert canvass.corners[0] == canvass.corners[-1] == [L_SHAPE[0].longitude, L_SHAPE[0].latitude]
    assert canvass.area.corners == tuple(L_SHAPE)
    assert canvass.square_miles == pytest.approx(3 * 300**2 / 1609.344**2, rel=1e-3)


def test_it_finds_and_asks_who_lives_inside_and_not_in_the_quarter_that_was_spared() -> None:
    inside, border = camera_at(moved(-100, 200)), camera_at(moved(-300, 0))
    spared, outside = camera_at(moved(150, 150)), camera_at(moved(-310, 0))
    canvass = draft_of(incident_at(), corners=L_SHAPE)
    found = canvasses.show(canvass=canvass, by=canvass.created_by).cameras or ()
    assert {camera.id for camera in found} == {inside.pk, border.pk}
    canvasses.send(canvass=canvass, by=canvass.created_by)
    asked = set(FootageRequest.objects.values_list("cameras__camera", flat=True))
    assert asked == {inside.pk, border.pk}
    assert not asked & {spared.pk, outside.pk}


def test_it_finds_what_a_library_of_geometry_finds() -> None:
    places = [moved(90 * east - 345, 90 * north - 340) for east in range(8) for north in range(8)]
    cameras = {camera.pk: place for camera, place in zip(register_at(places), places, strict=True)}
    shape = shapely.Polygon([(corner.longitude, corner.latitude) for corner in L_SHAPE])
    surely = {pk for pk, place in cameras.items() if shape.covers(shapely.Point(place.longitude, place.latitude))}
    canvass = draft_of(incident_at(), corners=L_SHAPE)
    found = canvasses.show(canvass=canvass, by=canvass.created_by).cameras or ()
    assert {camera.id for camera in found} == surely
    assert 5 < len(surely) < 64


@pytest.mark.parametrize(
    ("corners", "sentence"),
    [
        (L_SHAPE[:2], "An area needs from 3 to 50 corners."),
        ([moved(step, step % 7) for step in range(51)], "An area needs from 3 to 50 corners."),
        ([L_SHAPE[0], L_SHAPE[2], L_SHAPE[1], L_SHAPE[5]], "The border of this area crosses itself."),
        ([*L_SHAPE, L_SHAPE[3]], "One corner is here twice."),
        ([moved(0, 0), moved(100, 0), moved(0, 100)], "This area is too small. The smallest is 0.025 square miles."),
        (
            [moved(-1150, -1150), moved(1150, -1150), moved(1150, 1150), moved(-1150, 1150)],
            "This area is too large. The largest is 2 square miles.",
        ),
        (
            [moved(0, 0), moved(1700, 0), moved(1700, 300), moved(0, 300)],
            "A corner of this area is more than a mile from the incident.",
        ),
    ],
)
def test_what_can_not_be_searched_is_refused_at_its_corners(corners: list[Point], sentence: str) -> None:
    with pytest.raises(ValidationError) as error:
        draft_of(incident_at(), corners=corners)
    (said,) = error.value.message_dict["corners"]
    assert sentence in said
    assert not Canvass.objects.exists()


def test_a_large_polygon_needs_a_supervisor() -> None:
    large = [moved(-600, -600), moved(600, -600), moved(600, 600), moved(-600, 600)]
    assert draft_of(incident_at(), corners=large).beyond_limits
    assert not draft_of(incident_at(), corners=L_SHAPE).beyond_limits


def test_the_database_takes_a_camera_inside_and_refuses_one_beside_the_polygon() -> None:
    canvass = draft_of(incident_at(), corners=L_SHAPE)
    assert ask_about(canvass, camera_at(moved(-100, 100))).pk
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        ask_about(canvass, camera_at(moved(150, 150)))
    assert refused_with(RestrictViolation, error)


def test_the_database_refuses_a_camera_that_was_left_out() -> None:
    canvass, camera = canvass_at("draft", cameras=0), camera_at()
    LeftOut.objects.create(canvass=canvass, camera=camera, why="view", left_out_by=canvass.created_by)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        ask_about(canvass, camera)
    assert refused_with(RestrictViolation, error)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"square_miles": 0.01}, CheckViolation),
        ({"square_miles": 3}, CheckViolation),
        ({"corners": [[-86.81, 33.52], [-86.80, 33.52], [-86.81, 33.52]]}, CheckViolation),
        ({"corners": [[-86.81, 33.52], [-86.80, 33.52], [-86.80, 33.53], [-86.81, 33.53]]}, CheckViolation),
    ],
)
def test_the_database_measures_what_is_kept(change: dict[str, object], code: type[Exception]) -> None:
    canvass = draft_of(incident_at(), corners=L_SHAPE)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Canvass.objects.filter(pk=canvass.pk).update(**change)
    assert refused_with(code, error)


def test_a_sent_polygon_stays_where_it_was() -> None:
    registrant_at(moved(-100, 100))
    canvass = draft_of(incident_at(), corners=L_SHAPE)
    canvasses.send(canvass=canvass, by=canvass.created_by)
    turned = [[corner.longitude, corner.latitude] for corner in [*L_SHAPE[::-1], L_SHAPE[-1]]]
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Canvass.objects.filter(pk=canvass.pk).update(corners=turned)
    assert refused_with(RestrictViolation, error)
