"""The block that a point is in."""

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from fusus_portal.demo.data import tiger, town
from fusus_portal.demo.data.tiger import Edge, Home
from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point
from fusus_portal.ground.streets import presenters, services
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.blocks import FAR_M, block_at, block_of
from fusus_portal.ground.streets.finder.houses import houses_near
from fusus_portal.ground.streets.geocoding import water_at
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import open_source


def at(street: float, avenue: float) -> Point:
    """Return a place of the town's grid."""
    longitude, latitude = town.at(street, avenue)
    return Point(latitude, longitude)


@pytest.mark.parametrize(
    ("place", "label", "cross"),
    [
        (at(20.3, 11.05), "2000 block of 11th Ave S", "20th St S"),
        (at(20.7, 11), "2000 block of 11th Ave S", "Richard Arrington Jr Blvd S"),
        (at(21.3, 10.95), "2100 block of 11th Ave S", "Richard Arrington Jr Blvd S"),
        (at(19.98, 9.3), "900 block of 20th St S", "9th Ave S"),
    ],
)
def test_a_point_is_in_a_block(southside: StreetData, place: Point, label: str, cross: str) -> None:
    block = block_at(place)
    assert block is not None
    assert (block.label, block.cross) == (label, cross)


def test_the_distance_is_to_the_middle_of_the_street(southside: StreetData) -> None:
    block = block_at(at(20.5, 11.1))
    assert block is not None
    assert block.distance_m == pytest.approx(0.1 * town.DOWN_M, abs=0.5)


def test_far_from_any_street_there_is_no_block(southside: StreetData) -> None:
    away = at(20, 19.5)
    assert block_at(Point(away.latitude - 2 * FAR_M / 111_000, away.longitude)) is None


@pytest.mark.django_db
def test_there_is_no_block_house_or_water_before_the_first_loading() -> None:
    assert block_at(at(20, 11)) is None
    assert houses_near(at(20, 11)) == []
    assert water_at(at(27.2, 14.1)) is None
    assert presenters.where(at(20, 11)) == ""


def meters(east: float, north: float) -> tuple[float, float]:
    """Return a place so many meters from a corner of the county, longitude first."""
    narrow = math.cos(math.radians(33.5))
    return -86.8 + east / METERS_PER_DEGREE / narrow, 33.5 + north / METERS_PER_DEGREE


def point(east: float, north: float) -> Point:
    """Return it as a point."""
    longitude, latitude = meters(east, north)
    return Point(latitude, longitude)


def loaded(folder: Path, *streets: Edge, homes: Iterable[Home] = ()) -> None:
    """Load streets, and addresses if there are any."""
    files = [tiger.write_edges(folder / "edges", streets)]
    if homes:
        files.append(tiger.write_points(folder / "a.csv", homes))
    services.load_streets(sources=[open_source(file) for file in files])


def piece(begin: float, end: float, first: int, last: int) -> Edge:
    """Return a piece of Oak Street, which runs east."""
    return Edge("Oak St", [meters(begin, 0), meters(end, 0)], (first, last), (first + 1, last + 1), "35203")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pieces", "east"),
    [
        ([piece(0, 200, 100, 198)], 100),
        ([piece(0, 300, 100, 158), piece(300, 500, 160, 198)], 250),
        ([piece(300, 500, 160, 198), piece(0, 300, 100, 158)], 250),
        ([piece(0, 100, 100, 118), piece(100, 200, 120, 138), piece(200, 600, 140, 198)], 300),
        ([piece(0, 1_200, 2, 998)], 180),
        ([piece(1_200, 0, 998, 2)], 180),
        ([piece(500, 0, 100, 198)], 250),
        ([piece(0, 200, 100, 198), piece(200, 400, 198, 298)], 100),
    ],
    ids=["one", "two", "the other way round", "three", "of a longer piece", "backward", "drawn backward", "before"],
)
def test_the_middle_of_a_block_is_half_way_along_its_numbers(tmp_path: Path, pieces: list[Edge], east: float) -> None:
    """It was the middle of the longest piece, or of a piece of ten blocks: over 100 m off."""
    loaded(tmp_path, *pieces)
    [found] = finder.find_places("100 block of Oak St")
    assert found.point.distance_m(point(east, 0)) < 4


@pytest.mark.django_db
def test_a_block_in_two_towns_is_two_places(tmp_path: Path) -> None:
    there = replace(piece(5_000, 5_200, 100, 198), zip_code="35215")
    loaded(tmp_path, piece(0, 200, 100, 198), there)
    found = {each.zip_code: each.point for each in finder.find_places("100 block of Oak St")}
    assert found["35203"].distance_m(point(100, 0)) < 2
    assert found["35215"].distance_m(point(5_100, 0)) < 2


@pytest.mark.django_db
def test_a_piece_without_numbers_has_those_of_the_next_piece_of_its_street(tmp_path: Path) -> None:
    bare = Edge("Oak St", [meters(200, 0), meters(260, 0)])
    other = Edge("Elm St", [meters(0, 140), meters(260, 140)], (700, 798))
    loaded(tmp_path, piece(0, 200, 100, 198), bare, other)
    block = block_at(point(250, 20))
    assert block is not None
    assert block.label == "100 block of Oak St"


@pytest.mark.django_db
def test_a_street_without_ranges_has_the_number_of_its_closest_house(tmp_path: Path) -> None:
    homes = [Home(100 * at + 4, "Oak St", "", "", *meters(100 * at, 15)) for at in range(1, 5)]
    loaded(tmp_path, Edge("Oak St", [meters(0, 0), meters(1_000, 0)]), homes=homes)
    assert [block_at(point(east, 0)).label for east in (290, 390, 950)] == [  # type: ignore[union-attr]
        "300 block of Oak St",
        "400 block of Oak St",
        "Oak St",
    ]


@pytest.mark.django_db
def test_a_farm_far_behind_its_road_is_in_its_block(tmp_path: Path) -> None:
    loaded(tmp_path, piece(0, 200, 100, 198))
    block = block_at(point(100, 500))
    assert block is not None
    assert (block.label, round(block.distance_m)) == ("100 block of Oak St", 500)


@pytest.mark.parametrize(
    ("street", "block"),
    [
        ("2024 11th Ave S, Apt 4", "2000 block of 11th Ave S"),
        ("600 20th Street North", "600 block of 20th Street North"),
        ("84-12 Main St", "8400 block of Main St"),
        ("12 1/2 Elm St # 3", "0 block of Elm St"),
        ("Smith Family, 2024 11th Ave S", ""),
        ("2024 11th Ave S Smith Family", ""),
        ("One Plaza", ""),
        ("", ""),
    ],
)
def test_an_address_says_its_block_and_no_more(street: str, block: str) -> None:
    assert block_of(street) == block
