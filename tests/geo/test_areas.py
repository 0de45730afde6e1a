"""Circles and polygons: how large they are, how far they reach, and whether somebody could say what lies inside."""

import math

import pytest

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, MILE_M, Area, Point, square_miles

BIRMINGHAM = Point(33.5206, -86.8108)


def moved(east_m: float, north_m: float) -> Point:
    """Return a point so many meters east and north of Birmingham."""
    across = METERS_PER_DEGREE * math.cos(math.radians(BIRMINGHAM.latitude))
    return Point(BIRMINGHAM.latitude + north_m / METERS_PER_DEGREE, BIRMINGHAM.longitude + east_m / across)


SQUARE = [moved(0, 0), moved(MILE_M, 0), moved(MILE_M, MILE_M), moved(0, MILE_M)]


def test_a_square_of_a_mile_has_a_square_mile() -> None:
    assert Area.polygon(SQUARE).square_miles == pytest.approx(1, rel=1e-3)
    assert Area.polygon(SQUARE[::-1]).square_miles == pytest.approx(1, rel=1e-3)


def test_a_circle_is_measured_by_its_radius() -> None:
    area = Area(BIRMINGHAM, 642)
    assert area.square_miles == square_miles(642)
    assert not area.crosses_itself


def test_a_polygon_lies_in_its_circle() -> None:
    area = Area.polygon(SQUARE)
    assert area.radius_m == pytest.approx(MILE_M * math.sqrt(0.5), rel=1e-3)
    assert all(area.center.distance_m(corner) <= area.radius_m for corner in area.corners)


def test_it_reaches_to_its_farthest_corner_and_a_circle_to_its_middle() -> None:
    assert Area.polygon(SQUARE).reach_m(BIRMINGHAM) == pytest.approx(MILE_M * math.sqrt(2), rel=1e-3)
    assert Area(moved(0, 500), 300).reach_m(BIRMINGHAM) == pytest.approx(500, rel=1e-3)


@pytest.mark.parametrize(
    ("corners", "crosses"),
    [
        (SQUARE, False),
        ([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]], True),
        ([SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[2]], True),
    ],
)
def test_a_border_that_meets_itself_is_seen(corners: list[Point], crosses: bool) -> None:
    assert Area.polygon(corners).crosses_itself == crosses
