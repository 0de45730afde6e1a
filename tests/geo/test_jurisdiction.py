"""The agency's own boundary, and how near a point is to it."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
import shapely.geometry
from django.core.exceptions import ImproperlyConfigured
from geographiclib.geodesic import Geodesic
from pytest_django import Settings

from fusus_portal.ground.geo.counties import (
    boundary_distance_m,
    boundary_geojson,
    county,
    inside_jurisdiction,
    near_boundary,
    own_county,
)
from fusus_portal.ground.geo.points import Point

BIRMINGHAM = Point(33.5186, -86.8104)
TUSCALOOSA = Point(33.2098, -87.5692)
EAST_EDGE = -86.5
SQUARE: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [[[-87, 33], [EAST_EDGE, 33], [EAST_EDGE, 34], [-87, 34], [-87, 33]]],
}


@pytest.fixture
def square(settings: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "boundary.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": SQUARE}))
    settings.AGENCY_BOUNDARY = str(path)
    return path


def moved(latitude: float, longitude: float, *, azimuth: float, meters: float) -> Point:
    there = Geodesic.WGS84.Direct(latitude, longitude, azimuth, meters)
    return Point(there["lat2"], there["lon2"])


def test_the_county_is_a_setting(settings: Settings) -> None:
    settings.COUNTY_FIPS = "01073"
    assert own_county().name == "Jefferson County"
    assert inside_jurisdiction(BIRMINGHAM)
    assert not inside_jurisdiction(TUSCALOOSA)
    settings.COUNTY_FIPS = "01125"
    assert own_county().name == "Tuscaloosa County"
    assert not inside_jurisdiction(BIRMINGHAM)
    assert inside_jurisdiction(TUSCALOOSA)


@pytest.mark.usefixtures("square")
def test_the_agencys_own_boundary_wins() -> None:
    in_the_square_only = Point(33.95, -86.55)
    in_the_county_only = Point(33.40, -87.05)
    assert not county("01073").contains(in_the_square_only)
    assert county("01073").contains(in_the_county_only)
    assert inside_jurisdiction(in_the_square_only)
    assert not inside_jurisdiction(in_the_county_only)


def test_a_collection_of_districts_is_one_jurisdiction(square: Path) -> None:
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(half)}
        for half in (shapely.box(-87, 33, -86.75, 34), shapely.box(-86.75, 33, EAST_EDGE, 34))
    ]
    together = square.with_name("districts.geojson")
    together.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert inside_jurisdiction(Point(33.5, -86.75))
    assert not near_boundary(Point(33.5, -86.75))


@pytest.mark.usefixtures("square")
@pytest.mark.parametrize("azimuth", [90, 270])
def test_100_m_from_the_boundary_is_confirmed_and_300_m_is_not(azimuth: float) -> None:
    at_100 = moved(33.5, EAST_EDGE, azimuth=azimuth, meters=100)
    at_300 = moved(33.5, EAST_EDGE, azimuth=azimuth, meters=300)
    assert near_boundary(at_100)
    assert not near_boundary(at_300)
    assert near_boundary(at_300, meters=310)
    assert boundary_distance_m(at_100) == pytest.approx(100, rel=0.004)
    assert inside_jurisdiction(at_300) == (azimuth == 270)


def test_the_middle_of_the_county_is_not_near_its_boundary() -> None:
    longitude, latitude = shapely.get_coordinates(county("01073").polygon)[100]
    assert near_boundary(Point(float(latitude), float(longitude)), meters=1)
    assert not near_boundary(BIRMINGHAM)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("not json", "can't be read"),
        ("[]", "can't be read"),
        ('{"type": "Feature", "geometry": null}', "can't be read"),
        ('{"type": "Point", "coordinates": [-86.8, 33.5]}', "holds no polygon"),
        ('{"type": "FeatureCollection", "features": []}', "holds no polygon"),
    ],
)
def test_a_useless_boundary_file_is_named(square: Path, content: str, reason: str) -> None:
    square.write_text(content)
    with pytest.raises(ImproperlyConfigured, match=f"AGENCY_BOUNDARY.*{reason}"):
        inside_jurisdiction(BIRMINGHAM)


def test_a_missing_boundary_file_is_named(settings: Settings, tmp_path: Path) -> None:
    settings.AGENCY_BOUNDARY = str(tmp_path / "nothing.geojson")
    with pytest.raises(ImproperlyConfigured, match=r"nothing\.geojson can't be read"):
        near_boundary(BIRMINGHAM)


def test_the_line_on_the_map_is_small_and_within_50_m_of_the_exact_one() -> None:
    feature = boundary_geojson()
    assert feature["properties"] == {
        "fips": "01073",
        "name": "Jefferson County",
        "state": "Alabama",
        "year": 2023,
    }
    assert len(json.dumps(feature)) < 20_000
    drawn = shapely.geometry.shape(feature["geometry"]).boundary
    apart = shapely.hausdorff_distance(county("01073").polygon.boundary, drawn)
    assert 0 < apart * 111_195 < 51


@pytest.mark.usefixtures("square")
def test_the_map_draws_the_agencys_own_boundary() -> None:
    feature = boundary_geojson()
    assert shapely.geometry.shape(feature["geometry"]).equals(shapely.geometry.shape(SQUARE))
    assert feature["properties"]["year"] is None


def test_a_page_can_change_its_copy_of_the_line() -> None:
    boundary_geojson()["properties"]["name"] = "Elsewhere"
    assert boundary_geojson()["properties"]["name"] == "Jefferson County"
