"""House numbers around a pin, and the house that it is in front of."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.demo.data import tiger, town
from fusus_portal.demo.data.tiger import Edge
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Geocoded
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.streets import presenters, services
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.houses import IN_FRONT_M, house_in_front, houses_near
from fusus_portal.ground.streets.geocoding import water_at
from fusus_portal.ground.streets.readers import open_source
from tests.factories import north_of

from .test_blocks import meters, point
from .town import make_world  # noqa: F401

HOME = "2024 11th Ave S"
BETWEEN = "2032 11th Ave S"
"""An address between two houses of the county, which has no point of it."""


def at(text: str) -> Point:
    return finder.find_places(text)[0].point


def in_the_lake() -> Point:
    longitude, latitude = town.at(27.2, 14.1)
    return Point(latitude, longitude)


@pytest.mark.usefixtures("world")
class TestAddressPoints:
    def test_the_closest_house_comes_first_and_all_are_near(self) -> None:
        found = houses_near(at(HOME))
        assert (found[0].label, found[0].is_exact) == (HOME, True)
        assert {"2008 11th Ave S", "2040 11th Ave S"} <= {house.label for house in found}
        assert [house.distance_m for house in found] == sorted(house.distance_m for house in found)
        assert found[-1].distance_m <= 150

    def test_a_pin_beside_a_house_is_in_front_of_it(self) -> None:
        house = house_in_front(north_of(at(HOME), 5))
        assert house is not None
        assert house.label == HOME
        assert presenters.where(north_of(at(HOME), 5)) == f"In front of {HOME}"

    def test_a_pin_far_from_each_house_is_in_a_block(self) -> None:
        longitude, latitude = town.at(18.5, 12.5)  # the middle of a park
        park = Point(latitude, longitude)
        assert min(house.distance_m for house in houses_near(park)) > IN_FRONT_M
        assert house_in_front(park) is None
        assert "block of" in presenters.where(park)

    def test_an_address_of_a_range_alone_is_named_itself(self) -> None:
        [between, *_others] = finder.find_places(BETWEEN)
        assert (between.precision, house_in_front(between.point) is None) == ("range", False)
        assert presenters.where(between.point, address=BETWEEN) == f"Near {BETWEEN}"
        assert presenters.where(between.point).startswith("In front of")

    @pytest.mark.parametrize("typed", [HOME, "2024 11th Avenue South"])
    def test_an_address_with_a_point_is_a_house(self, typed: str) -> None:
        assert presenters.where(at(HOME), address=typed) == f"In front of {HOME}"

    def test_the_words_of_a_pin_that_was_moved_are_about_its_spot(self) -> None:
        found = Geocoded(at(BETWEEN), Precision.ROOFTOP, None)
        assert presenters.where_found(found.point, found, BETWEEN) == f"Near {BETWEEN}"
        assert presenters.where_found(at(HOME), found, BETWEEN) == f"In front of {HOME}"

    def test_the_words_of_a_pin_that_a_person_put_are_about_its_spot(self) -> None:
        placed = Geocoded(at(HOME), Precision.PINNED, None)
        assert presenters.where_found(placed.point, placed, BETWEEN) == f"In front of {HOME}"

    def test_far_from_a_known_street_no_address_is_near(self) -> None:
        home = at(HOME)
        assert presenters.where(Point(home.latitude + 1, home.longitude), address=HOME) == ""

    def test_an_address_that_staff_added_is_drawn_for_nobody(self, administrator: User) -> None:
        added = services.NewAddress("2030 11th Ave S", "Birmingham", "35205", at(HOME))
        services.add_address(address=added, by=administrator)
        assert finder.find_places("2030 11th Ave S")[0].label == "2030 11th Ave S"
        assert "2030" not in {house.number for house in houses_near(at(HOME))}

    def test_water_has_a_name_and_land_has_none(self) -> None:
        assert water_at(in_the_lake()) == "Caldwell Lake"
        assert water_at(at(HOME)) is None


@pytest.mark.django_db
def test_of_ranges_alone_the_ends_are_drawn_and_no_house_is_claimed(tmp_path: Path) -> None:
    block = Edge("Oak St", [meters(0, 0), meters(200, 0)], (100, 198), (101, 199), "35203")
    services.load_streets(sources=[open_source(tiger.write_edges(tmp_path / "edges", [block]))])
    found = houses_near(point(100, 5))
    assert sorted(house.label for house in found) == ["100 Oak St", "101 Oak St", "198 Oak St", "199 Oak St"]
    assert not any(house.is_exact for house in found)
    assert presenters.where(point(100, 5)) == "100 block of Oak St"
    assert presenters.where(point(100, 5), address="150 Oak St") == "Near 150 Oak St"


@pytest.mark.usefixtures("world")
class TestThePage:
    def ask(self, browser: Client, point: Point) -> dict[str, object]:
        said = {"latitude": str(point.latitude), "longitude": str(point.longitude)}
        answer = browser.post(reverse("around_place"), said)
        assert answer.headers["Cache-Control"] == "no-store"
        found: dict[str, object] = answer.json()
        return found

    def test_it_says_where_a_pin_is_and_what_is_around(self, resident_client: Client) -> None:
        told = self.ask(resident_client, at(HOME))
        assert told["where"] == f"In front of {HOME}"
        first = told["houses"][0]  # type: ignore[index]
        assert (first["number"], first["exact"]) == ("2024", True)

    @pytest.mark.parametrize("said", [{}, {"latitude": "x", "longitude": "1"}, {"latitude": "nan", "longitude": "1"}])
    def test_a_spot_that_is_none_is_refused(self, said: dict[str, str], resident_client: Client) -> None:
        assert resident_client.post(reverse("around_place"), said).status_code == 400

    def test_a_visitor_is_told_nothing(self, client: Client) -> None:
        assert client.post(reverse("around_place"), {"latitude": "33.5", "longitude": "-86.8"}).status_code == 302

    def test_no_spot_is_in_an_address(self, resident_client: Client) -> None:
        assert resident_client.get(reverse("around_place") + "?latitude=33.5").status_code == 405
