"""Points, distances and units."""

import math

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, strategies as st

from fusus_portal.ground.geo.points import MILE_M, Point, radius_for, square_miles

BIRMINGHAM = Point(33.5186, -86.8104)
latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
points = st.builds(Point, latitudes, longitudes)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (math.nan, 0), (0, math.nan), (math.inf, 0)],
)
def test_a_point_off_the_earth_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="not between"):
        Point(latitude, longitude)


def test_a_degree_of_latitude_is_the_mean_spheres() -> None:
    assert Point(33, -86).distance_m(Point(34, -86)) == pytest.approx(111_195.08, abs=0.01)


def test_distance_across_the_antimeridian_is_the_short_way() -> None:
    assert Point(52, 179.999).distance_m(Point(52, -179.999)) == pytest.approx(136.9, abs=0.1)


def test_the_other_side_of_the_earth_is_half_around_it() -> None:
    half_around = math.pi * 6_371_008.8
    assert Point(33.5, -86.8).distance_m(Point(-33.5, 93.2)) == pytest.approx(half_around)


def test_a_centimeter_is_not_lost_to_rounding() -> None:
    step = math.degrees(0.01 / 6_371_008.8)
    assert BIRMINGHAM.distance_m(Point(33.5186 + step, -86.8104)) == pytest.approx(0.01, rel=1e-6)


@given(points, points)
def test_distance_is_within_the_flattening_of_the_geodesic(here: Point, there: Point) -> None:
    geodesic = Geodesic.WGS84.Inverse(here.latitude, here.longitude, there.latitude, there.longitude)["s12"]
    assert here.distance_m(there) == pytest.approx(geodesic, rel=0.0057, abs=1e-6)


def test_the_largest_search_area_is_half_a_square_mile() -> None:
    assert square_miles(radius_for(0.5)) == pytest.approx(0.5)
    assert square_miles(MILE_M) == pytest.approx(math.pi)
    assert square_miles(500) == pytest.approx(0.30324, abs=1e-5)
