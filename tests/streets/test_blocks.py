"""The block that a point is in."""

import pytest

from fusus_portal.demo.data import town
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets.blocks import FAR_M, block_at, block_of
from fusus_portal.ground.streets.models import StreetData


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
def test_there_is_no_block_before_the_first_loading() -> None:
    assert block_at(at(20, 11)) is None


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
