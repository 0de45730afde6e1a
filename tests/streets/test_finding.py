"""Texts that people type, and the places that they mean in the demo's town."""

import math

import pytest
from pytest_django import DjangoAssertNumQueries

from fusus_portal.demo.data import town
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.matches import Found
from fusus_portal.ground.streets.models import StreetData

from .town import make_world  # noqa: F401

pytestmark = pytest.mark.usefixtures("world")


def first(text: str) -> Found:
    """Return what a text means before all else."""
    return finder.find_places(text)[0]


def at(street: float, avenue: float) -> Point:
    """Return a place of the town's grid."""
    longitude, latitude = town.at(street, avenue)
    return Point(latitude, longitude)


@pytest.mark.parametrize(
    ("text", "label", "precision"),
    [
        ("2024 11th ave s", "2024 11th Ave S", "rooftop"),
        ("2024 ELEVENTH AVENUE SOUTH", "2024 11th Ave S", "rooftop"),
        ("2024 S 11th Ave", "2024 11th Ave S", "rooftop"),
        ("1104 20th street s apt 4, Birmingham AL 35205", "1104 20th St S", "rooftop"),
        ("2012 Magnola Ave", "2012 Magnolia Ave S", "range"),
        ("2000 block of Magnolia Avenue", "2000 block of Magnolia Ave S", "street"),
        ("2100 blk morris ave", "2100 block of Morris Ave", "street"),
        ("20th St S & 11th Ave S", "20th St S & 11th Ave S", "street"),
        ("20 st s and magnolia", "20th St S & Magnolia Ave S", "street"),
        ("11th Ave S at Richard Arrington Jr Blvd", "11th Ave S & Richard Arrington Jr Blvd S", "street"),
        ("cobb lane", "Cobb Ln S", "street"),
        ("caldwell park", "Caldwell Park", "area"),
    ],
)
def test_it_is_found(text: str, label: str, precision: str) -> None:
    found = first(text)
    assert (found.label, found.precision) == (label, precision)


def test_a_corner_is_where_the_streets_meet() -> None:
    assert first("20th St S & 11th Ave S").point.distance_m(at(20, 11)) < 1


def test_a_block_is_between_its_corners() -> None:
    assert first("2000 block of 11th Ave S").point.distance_m(at(20.5, 11)) < 5


@pytest.mark.parametrize(("number", "is_left"), [(2010, True), (2011, False), (2090, True), (2091, False)])
def test_a_number_on_a_range_is_on_its_side_of_the_street(number: int, is_left: bool) -> None:
    found = first(f"{number} Morris Ave")
    assert found.precision in {"range", "rooftop"}
    start, end = at(20, -0.2), at(21, -0.2)
    narrow = math.cos(math.radians(start.latitude))
    along = ((end.longitude - start.longitude) * narrow, end.latitude - start.latitude)
    there = ((found.point.longitude - start.longitude) * narrow, found.point.latitude - start.latitude)
    assert (along[0] * there[1] - along[1] * there[0] > 0) == is_left
    share = (along[0] * there[0] + along[1] * there[1]) / (along[0] ** 2 + along[1] ** 2)
    assert share == pytest.approx((number - 2000) / 99, abs=0.05)


def test_an_address_that_is_not_there_gives_the_closest_that_are() -> None:
    found = finder.find_places("9000 20th St S")
    assert found
    assert all(each.is_near and each.label.endswith("20th St S") for each in found)
    assert found[0].label == "1689 20th St S"


def test_beginnings_are_completed() -> None:
    assert "Magnolia Ave S" in [each.label for each in finder.find_places("magno")]
    assert "2024 Highland Ave S" in [each.label for each in finder.find_places("2024 highl")]


@pytest.mark.parametrize(
    "text", ["", "   ", "99999 Nowhere Lane", "x" * 300, "'; DROP TABLE streets_house; --", "💡", "\x00", "&", "1" * 40]
)
def test_nothing_is_found_for_nonsense(text: str) -> None:
    assert finder.find_places(text) == []


def test_what_people_registered_is_never_suggested(world: StreetData) -> None:
    """Only what was loaded is found: nothing else is asked."""
    assert finder.find_places("1 Secret Hideout Way") == []


@pytest.mark.parametrize("text", ["2024 11th Ave S", "2012 Magnolia Ave", "Magnolia Ave", "caldwell park", "highl"])
def test_a_text_costs_three_queries_at_most(text: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    finder.find_places(text)
    with django_assert_max_num_queries(3):
        assert finder.find_places(text)


def test_a_number_on_a_range_has_the_city_of_its_zip_code() -> None:
    found = first("2012 Magnolia Ave")
    assert (found.precision, found.address) == ("range", "2012 Magnolia Ave S, Birmingham 35205")
