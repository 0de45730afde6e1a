"""An address that could be several is a question, everywhere: nobody's pin, and no letter, goes to one by chance."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.demo.data.tiger import Edge, write_edges
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.streets import services
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.geocoding import AddressUnclear, AddressUnknown, geocode, place_of, postal_address
from fusus_portal.ground.streets.readers import open_source
from registry.places.models import Premises
from tests.registry.places.test_known_addresses import CAMERA, YOU

pytestmark = pytest.mark.usefixtures("world")

NORTH, SOUTH = Point(33.52, -86.80), Point(33.48, -86.80)
POINTS = f"""LON,LAT,NUMBER,STREET,CITY,POSTCODE
{NORTH.longitude},{NORTH.latitude},100,N Main St,Birmingham,35205
{SOUTH.longitude},{SOUTH.latitude},100,S Main St,Birmingham,35205
-86.81,33.50,200,Oak St,Birmingham,35205
-86.85,33.50,200,N Oak St,Birmingham,35205
-86.82,33.51,300,Elm St,Birmingham,35205
-86.83,33.51,400,Elm St,Homewood,35209
-86.84,33.51,12,Grove Rd,Birmingham,35205
-86.84,33.52,40,Court Pl E,Birmingham,35205
-86.86,33.51,600,State Rte 8,Birmingham,35205
-86.87,33.53,600,Co Rd 8,Birmingham,35205
-86.88,33.53,9,St Clair Ave,Birmingham,35205
-86.78,33.53,9,St Claire Ave,Birmingham,35205
-86.88,33.54,70,Lake Park Dr,Birmingham,35205
-86.89,33.54,11,Ash St,Birmingham,35205
-86.89,33.55,21,Ashwood St,Birmingham,35205
-86.89,33.56,31B,Beech St,Birmingham,35205
"""
RANGES = [
    Edge("Mill Rd", [(-86.90, 33.40), (-86.89, 33.40)], (100, 198), (101, 199), "35023"),
    Edge("Mill Rd", [(-86.90, 33.60), (-86.89, 33.60)], (100, 198), (101, 199), "35023"),
    Edge("Cross St", [(-86.90, 33.40), (-86.90, 33.41)], (2, 98), (1, 99), "35023"),
    Edge("Far Ave", [(-86.90, 33.60), (-86.90, 33.61)], (2, 98), (1, 99), "35023"),
    Edge("Pond Rd", [(-86.70, 33.40), (-86.699, 33.40)], (10, 18), (11, 19), "35023"),
    Edge("Pond Rd", [(-86.70, 33.403), (-86.699, 33.403)], (10, 18), (11, 19), "35023"),
    Edge("Weir St", [(-86.70, 33.40), (-86.70, 33.403)], (2, 98), (1, 99), "35023"),
]


def make_world() -> None:
    """Load streets, some of them hard to tell apart."""
    with TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "a.csv").write_text(POINTS)
        files = [path / "a.csv", write_edges(path / "edges", RANGES)]
        services.load_streets(sources=[open_source(file) for file in files])


def address(street: str, city: str = "Birmingham", zip_code: str = "35205") -> Address:
    """Return an address of the county."""
    return Address(street, city, "AL", zip_code)


def sure(text: str) -> str | None:
    """Return what a text leads to without a question."""
    found = finder.find_places(text)
    return found[0].label if found and found[0].is_sure else None


@pytest.mark.parametrize(
    "street",
    ["100 Main St", "200 Oak St", "600 Highway 8", "100 Mill Rd"],
)
def test_several_like_it_are_a_question(street: str) -> None:
    """Two directions, one of them left out in the data; two roads of a number; one street in two places."""
    code = "35023" if "Mill" in street else "35205"
    with pytest.raises(AddressUnclear) as caught:
        geocode(address(street, zip_code=code))
    first, second = caught.value.near[:2]
    assert first.address != second.address
    assert place_of(street) is None
    assert postal_address(address(street, zip_code=code), pin=_between(first.point, second.point)) is None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("100 N Main St", "100 N Main St"),
        ("12 Grove Rd", "12 Grove Rd"),
        ("40 Court Pl E", "40 Court Pl E"),
        ("40 court pl", "40 Court Pl E"),
        ("40 East Court Place", "40 Court Pl E"),
        ("600 State Route 8", "600 State Rte 8"),
        ("600 CR 8", "600 Co Rd 8"),
        ("600 AL-8", "600 State Rte 8"),
        ("9 Saint Clair Ave", "9 St Clair Ave"),
        ("300 Elm St, Homewood", None),
        ("300 Elm St 35209", None),
        ("400 Elm St Homewood AL", "400 Elm St"),
        ("400, Elm, St,, Homewood,, AL, 35209, USA", "400 Elm St"),
        ("70 Lake Park", "70 Lake Park Dr"),
        ("21 Ash St", None),
        ("31 Beech St", None),
        ("31B Beech St", "31B Beech St"),
        ("300 Elm St, Birmingham, GA", None),
    ],
)
def test_what_is_taken_without_a_question(text: str, label: str | None) -> None:
    """A house of another city, ZIP code or longer name is offered, and never taken for one that is not there."""
    assert sure(text) == label


def test_a_number_of_another_zip_code_is_no_address() -> None:
    with pytest.raises(AddressUnknown) as caught:
        geocode(address("300 Elm St", "Homewood", "35209"))
    first, *others = (each.label for each in caught.value.near)
    assert first == "300 Elm St"
    assert "400 Elm St" in others


def test_a_number_that_no_range_has_gets_the_closest_that_are() -> None:
    near = finder.find_places("9000 Far Ave")
    assert [each.label for each in near[:2]] == ["98 Far Ave", "99 Far Ave"]
    assert all(each.is_near and each.zip_code == "35023" for each in near)


def test_one_street_in_two_places_is_told_apart_by_what_crosses_there() -> None:
    assert {each.address.partition("(")[2] for each in finder.find_places("150 Mill Rd 35023")} == {
        "Cross St)",
        "Far Ave)",
    }


def test_two_places_at_the_same_crossing_are_told_apart_by_where_they_are() -> None:
    beside = {each.address.partition("(")[2] for each in finder.find_places("15 Pond Rd 35023")}
    assert len(beside) == 2
    assert not any("Weir" in each for each in beside)


def test_a_pin_says_which_one_is_meant() -> None:
    assert geocode(address("100 Main St"), pin=Point(33.481, -86.80)).point == SOUTH
    told = postal_address(address("100 Main St, Apt 4"), pin=Point(33.519, -86.80))
    assert told is not None
    assert told.street == "100 N Main St APT 4"


class TestRegistering:
    @pytest.fixture(autouse=True)
    def _you(self, resident_client: Client) -> None:
        resident_client.post(reverse("register_you"), YOU)
        self.browser = resident_client

    def send(self, **changes: str) -> str:
        """Return the page after an address was sent, or the address that it leads to."""
        typed = {"kind": "home", "street": "100 Main St", "city": "Birmingham", "state": "AL", "zip_code": "35205"}
        answer = self.browser.post(reverse("register_place"), typed | changes)
        return answer.headers.get("Location") or answer.content.decode()

    def test_the_page_asks_which_one_it_is(self) -> None:
        page = self.send()
        assert "There is more than one address like this. Please choose yours." in page
        assert 'value="100 N Main St, Birmingham 35205"' in page
        assert 'value="100 S Main St, Birmingham 35205"' in page

    @pytest.mark.parametrize(("street", "choice"), [("100 Main St", "100 S Main St"), ("200 Oak St #4", "200 Oak St")])
    def test_the_choice_is_kept_to_the_letter(self, street: str, choice: str) -> None:
        """Also where its name is what was typed, so that a name that says more could be meant again."""
        assert self.send(street=street, meant=f"{choice}, Birmingham 35205") == reverse("register_pin")
        there = self.browser.get(reverse("register_pin")).context["form"].found
        assert there.precision == Precision.ROOFTOP
        self.browser.post(
            reverse("register_pin"), {"latitude": there.point.latitude, "longitude": there.point.longitude}
        )
        self.browser.post(reverse("register_cameras"), CAMERA)
        self.browser.post(reverse("register_check"), {"agreed": "on"})
        home = Premises.objects.get()
        assert home.is_listed
        assert home.street.startswith(choice)
        told = postal_address(home.address, pin=home.point)
        assert told is not None
        assert told.street.startswith(choice)

    @pytest.mark.parametrize("there", [Point(33.50, -86.80), Point(SOUTH.latitude, SOUTH.longitude + 0.0005)])
    def test_one_that_is_none_of_them_is_where_its_pin_is_and_gets_no_letter_of_theirs(self, there: Point) -> None:
        """Far from all of them, or beside the house of one."""
        assert self.send(meant="missing") == reverse("register_pin")
        self.browser.post(reverse("register_pin"), {"latitude": there.latitude, "longitude": there.longitude})
        self.browser.post(reverse("register_cameras"), CAMERA)
        self.browser.post(reverse("register_check"), {"agreed": "on"})
        home = Premises.objects.get()
        assert (home.is_listed, home.precision) == (False, Precision.PINNED)
        assert home.point.distance_m(there) < 1
        self.browser.post(
            reverse("premises_pin", args=[home.pk]), {"latitude": there.latitude + 0.0001, "longitude": there.longitude}
        )
        home.refresh_from_db()
        assert not home.is_listed

    def test_a_choice_is_not_kept_for_another_address(self) -> None:
        self.send(meant="100 S Main St, Birmingham 35205")
        page = self.browser.get(reverse("register_place")).content.decode()
        assert 'value="100 S Main St"' in page
        assert '<input type="hidden" name="meant"' in page, [line for line in page.splitlines() if "meant" in line]
        assert "100 S Main St, Birmingham" not in page


def _between(one: Point, other: Point) -> Point:
    return Point((one.latitude + other.latitude) / 2, (one.longitude + other.longitude) / 2)
