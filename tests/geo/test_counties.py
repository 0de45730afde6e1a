"""Counties: real places, and the compact file against the one that it was made from."""

import sysconfig
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapefile
import shapely
import shapely.geometry
from django.core.management import call_command

from fusus_portal.ground.geo.counties import BOUNDARY_PATH, BOUNDARY_YEAR, UnknownCounty, county, county_at, read
from fusus_portal.ground.geo.points import Point

GONE = {"02261", *(f"090{number:02}" for number in range(1, 16, 2))}
"""Counties of 2016 that are no more."""

CENSUS = Path(sysconfig.get_path("purelib")) / "_plotly_geo" / "package_data"


@cache
def census() -> list[shapefile.ShapeRecord]:
    """Return the counties of 2016 as the Census Bureau draws them."""
    return list(shapefile.Reader(str(CENSUS / "cb_2016_us_county_500k.shp"), encoding="utf-8").iterShapeRecords())


@pytest.mark.parametrize(
    ("place", "latitude", "longitude", "fips", "name"),
    [
        ("Birmingham", 33.5186, -86.8104, "01073", "Jefferson County, Alabama"),
        ("Denver", 39.7392, -104.9903, "08031", "Denver County, Colorado"),
        ("New Orleans", 29.9511, -90.0715, "22071", "Orleans Parish, Louisiana"),
        ("Anchorage", 61.2181, -149.9003, "02020", "Anchorage Municipality, Alaska"),
        ("Fairfax", 38.8462, -77.3064, "51600", "Fairfax city, Virginia"),
        ("Washington", 38.8895, -77.0353, "11001", "District of Columbia, District of Columbia"),
        ("Mayagüez", 18.2011, -67.1397, "72097", "Mayagüez Municipio, Puerto Rico"),
        ("Adak", 51.88, -176.64, "02016", "Aleutians West Census Area, Alaska"),
        ("Valdez", 61.1309, -146.3486, "02063", "Chugach Census Area, Alaska"),
        ("Glennallen", 62.1092, -145.5467, "02066", "Copper River Census Area, Alaska"),
        ("Hartford", 41.7658, -72.6734, "09110", "Capitol Planning Region, Connecticut"),
        ("Stamford", 41.0534, -73.5387, "09190", "Western Connecticut Planning Region, Connecticut"),
        ("Semisopochnoi", 51.93, 179.6, "02016", "Aleutians West Census Area, Alaska"),
    ],
)
def test_a_place_lies_in_its_county(place: str, latitude: float, longitude: float, fips: str, name: str) -> None:
    found = county_at(Point(latitude, longitude))
    assert found is not None, place
    assert (found.fips, str(found)) == (fips, name)


@pytest.mark.parametrize(
    "point",
    [
        pytest.param(Point(28, -90), id="Gulf of Mexico"),
        pytest.param(Point(47.7, -87.5), id="Lake Superior"),
        pytest.param(Point(43.6532, -79.3832), id="Toronto"),
        pytest.param(Point(52, 180), id="open sea in the box of Aleutians West"),
        pytest.param(Point(90, 0), id="North Pole"),
    ],
)
def test_open_water_and_abroad_have_no_county(point: Point) -> None:
    assert county_at(point) is None


def test_a_point_on_a_shared_boundary_always_has_the_same_county() -> None:
    jefferson, shelby = county("01073"), county("01117")
    shared = shapely.intersection(jefferson.polygon.boundary, shelby.polygon.boundary)
    longitude, latitude = shapely.get_coordinates(shared)[0]
    point = Point(float(latitude), float(longitude))
    assert jefferson.contains(point)
    assert shelby.contains(point)
    assert county_at(point) == jefferson


def test_neighbors_meet_without_a_gap() -> None:
    jefferson = county("01073").polygon
    around = shapely.union_all([county(f"01{code}").polygon for code in ("007", "009", "115", "117", "125", "127")])
    assert shapely.intersection(jefferson, around).area < 1e-9
    assert shapely.difference(jefferson.boundary, around.boundary).length < 1e-9


def test_an_unknown_code_names_itself() -> None:
    with pytest.raises(UnknownCounty, match="'99999'"):
        county("99999")


def test_the_file_says_its_year() -> None:
    assert read(BOUNDARY_PATH).year == BOUNDARY_YEAR == 2023


def test_no_outline_is_further_from_the_census_than_its_rounding() -> None:
    opened = read(BOUNDARY_PATH)
    rows = {row.fips: row for row in opened.rows}
    assert (len(rows), len(census())) == (3235, 3233)
    repaired = set()
    for each in census():
        if each.record["GEOID"] in GONE:
            assert each.record["GEOID"] not in rows
            continue
        outline = opened.polygon(rows[each.record["GEOID"]])
        ours, theirs = shapely.get_coordinates(outline), np.array(each.shape.points)
        assert outline.is_valid
        if ours.shape == theirs.shape:
            # The order of parts may differ between the readers, the points may not.
            apart = np.sort(ours, axis=0) - np.sort(theirs, axis=0)
            assert np.abs(apart).max() <= 0.51e-5
        else:
            repaired.add(each.record["GEOID"])
    assert len(repaired) <= 2


@pytest.mark.parametrize(
    ("state", "now"), [("02", ["02063", "02066"]), ("09", [f"09{number}" for number in range(110, 200, 10)])]
)
def test_the_counties_since_2016_fill_those_before_and_do_not_overlap(state: str, now: list[str]) -> None:
    before = shapely.union_all(
        [
            shapely.geometry.shape(each.shape.__geo_interface__)
            for each in census()
            if each.record["GEOID"] in GONE and each.record["GEOID"].startswith(state)
        ]
    )
    shapes = [county(code).polygon for code in now]
    assert all(shape.is_valid for shape in shapes)
    assert shapely.union_all(shapes).symmetric_difference(before).area < before.area * 1e-4
    assert sum(shape.area for shape in shapes) < before.area * 1.0001


def test_the_command_makes_the_very_file_that_is_committed(tmp_path: Path) -> None:
    made = tmp_path / "counties.bin"
    call_command("compact_counties", output=made, verbosity=0)
    assert read(made) == read(BOUNDARY_PATH)


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "counties.bin"
    other.write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(ValueError, match="not a county boundary file"):
        read(other)
