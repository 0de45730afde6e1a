"""An address is checked against the county's own: found, offered, or said to be missing by the resident."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import Settings

from fusus_portal.demo.data import town
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.counties import county_at
from fusus_portal.ground.geo.geocoding import Address, geocode_area
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets.finder import search as finder
from registry.incidents.models import Incident, IncidentType
from registry.other_counties.models import CountyAgency
from registry.places.models import Premises
from tests.streets.town import make_world  # noqa: F401
from tests.typed import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

YOU = {"name": "Ana Rivera", "phone": "(205) 555 0117", "language": "en"}
HOME = {"kind": "home", "street": "2024 11th Ave S", "city": "Birmingham", "state": "AL", "zip_code": "35205"}
NOT_THERE = {**HOME, "street": "9000 20th Street South"}
CAMERA = {
    "camera-TOTAL_FORMS": "1",
    "camera-INITIAL_FORMS": "0",
    "camera-0-name": "Front door",
    "go_on": "1",
}


@pytest.fixture
def resident_at_place(resident_client: Client) -> Client:
    """Return a resident who has said who they are, and is asked where their cameras are."""
    resident_client.post(reverse("register_you"), YOU)
    return resident_client


def place(browser: Client, **changes: str) -> str:
    """Return the page after an address was sent, or the address that it leads to."""
    answer = browser.post(reverse("register_place"), {**HOME, **changes})
    return answer.headers.get("Location") or answer.content.decode()


def test_the_pin_of_an_address_that_is_known_is_on_the_building(resident_at_place: Client) -> None:
    assert place(resident_at_place) == reverse("register_pin")
    form = resident_at_place.get(reverse("register_pin")).context["form"]
    assert not form.is_guess
    assert form.found.point.distance_m(_at("2024 11th Ave S")) < 1


def test_an_address_that_is_not_there_is_refused_with_the_closest_that_are(resident_at_place: Client) -> None:
    page = place(resident_at_place, street=NOT_THERE["street"])
    assert "We don&#x27;t know this house number. Did you mean 1689 20th St S, Birmingham 35205, or one of" in page
    assert "Which address is it?" in page
    assert 'value="1689 20th St S, Birmingham 35205"' in page
    assert "My address is missing: I will place the pin myself" in page


def test_an_address_that_is_looked_up_here_is_sent_to_nobody(resident_at_place: Client, settings: Settings) -> None:
    settings.GEOCODER = "nominatim://geocoder.example"
    assert "We send the address" not in resident_at_place.get(reverse("register_place")).content.decode()


@pytest.mark.parametrize("zip_code", ["35205", "35226"])
def test_another_city_is_a_question(zip_code: str, resident_at_place: Client) -> None:
    page = place(resident_at_place, city="Hoover", zip_code=zip_code)
    assert "We know 2024 11th Ave S in Birmingham, not in Hoover. Did you mean Birmingham?" in page
    choice = "2024 11th Ave S, Birmingham 35205"
    assert f'value="{choice}"' in page
    assert place(resident_at_place, city="Hoover", zip_code=zip_code, meant=choice) == reverse("register_pin")
    assert "2024 11th Ave S, Birmingham, AL 35205" in resident_at_place.get(reverse("register_pin")).content.decode()


@pytest.mark.parametrize("street", ["2024 11th Avenu Sth", "2024 Magnolla Ave S", "2024 Magnolia Av S"])
def test_a_mistyped_street_is_a_question_or_found(street: str, resident_at_place: Client) -> None:
    answer = place(resident_at_place, street=street)
    assert answer == reverse("register_pin") or "Did you mean 2024 " in answer


@pytest.mark.parametrize(
    ("zip_code", "state"), [("35250", "AL"), ("99999", "AL"), ("36104", "AL"), ("30303", "AL"), ("35205", "GA")]
)
def test_a_mistyped_zip_code_or_state_is_a_question(zip_code: str, state: str, resident_at_place: Client) -> None:
    page = place(resident_at_place, zip_code=zip_code, state=state)
    assert "We know 2024 11th Ave S in Birmingham with the ZIP code 35205. Did you mean that?" in page
    choice = "2024 11th Ave S, Birmingham 35205"
    assert f'value="{choice}"' in page
    assert place(resident_at_place, zip_code=zip_code, state=state, meant=choice) == reverse("register_pin")
    assert "2024 11th Ave S, Birmingham, AL 35205" in resident_at_place.get(reverse("register_pin")).content.decode()


@pytest.mark.parametrize(
    ("where", "county"),
    [
        ({"street": "100 Main St", "city": "Montgomery", "zip_code": "36104"}, "Montgomery County, Alabama"),
        ({"city": "Birmingham", "state": "MI", "zip_code": "48009"}, "Oakland County, Michigan"),
    ],
)
def test_an_address_elsewhere_leads_to_the_sheriff_there(
    where: dict[str, str], county: str, resident_at_place: Client
) -> None:
    page = place(resident_at_place, **where)
    assert f"This place is in {county}." in page
    assert f"Whom to ask in {county}" in page
    assert "We don't know a registry there." in page
    there = county_at(geocode_area(Address("", "", "", where["zip_code"])).point)
    assert there is not None
    CountyAgency.objects.create(county_fips=there.fips, name="The sheriff there", phone="205-555-0144")
    page = place(resident_at_place, **where)
    assert "The sheriff there" in page
    assert 'href="tel:205-555-0144"' in page


def test_a_pin_is_put_by_words(resident_at_place: Client) -> None:
    place(resident_at_place)
    page = resident_at_place.get(reverse("register_pin")).content.decode()
    assert "In front of 2024 11th Ave S" in page
    said = {**_hidden(page), "place": "11th Ave S and 20th St S"}
    assert resident_at_place.post(reverse("register_pin"), said).headers["Location"] == reverse("register_cameras")
    pin = resident_at_place.get(reverse("register_pin")).context["form"].initial
    assert Point(pin["latitude"], pin["longitude"]).distance_m(_at("11th Ave S and 20th St S")) < 1


def test_words_for_a_pin_that_nobody_knows_are_a_question(resident_at_place: Client) -> None:
    place(resident_at_place)
    hidden = _hidden(resident_at_place.get(reverse("register_pin")).content.decode())
    page = resident_at_place.post(reverse("register_pin"), {**hidden, "place": NOT_THERE["street"]}).content.decode()
    assert "Choose one below" in page
    choice = "1689 20th St S, Birmingham 35205"
    said = {**_hidden(page), "place": NOT_THERE["street"], "meant": choice}
    assert resident_at_place.post(reverse("register_pin"), said).headers["Location"] == reverse("register_cameras")
    pin = resident_at_place.get(reverse("register_pin")).context["form"].initial
    assert Point(pin["latitude"], pin["longitude"]).distance_m(_at("1689 20th St S")) < 1
    nowhere = {**hidden, "place": "nowhere at all"}
    page = resident_at_place.post(reverse("register_pin"), nowhere).content.decode()
    assert "We don&#x27;t know this place." in page


def test_a_pin_in_a_lake_is_confirmed_first(resident: User, resident_at_place: Client) -> None:
    longitude, latitude = town.at(27.2, 14.1)
    lake = {"latitude": latitude, "longitude": longitude}
    place(resident_at_place)
    page = resident_at_place.post(reverse("register_pin"), lake).content.decode()
    assert "The pin is in Caldwell Lake. Move it to the building, or confirm" in page
    assert "the cameras are on the water" in page
    answer = resident_at_place.post(reverse("register_pin"), {**lake, "confirmed": "on"})
    assert answer.headers["Location"] == reverse("register_cameras")


def test_no_page_of_registering_shows_a_coordinate(resident_at_place: Client) -> None:
    place(resident_at_place)
    pin_page = resident_at_place.get(reverse("register_pin")).content.decode()
    resident_at_place.post(reverse("register_pin"), _hidden(pin_page))
    resident_at_place.post(reverse("register_cameras"), CAMERA)
    for page in (pin_page, resident_at_place.get(reverse("register_check")).content.decode()):
        read = strip_tags(re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))
        assert not re.search(r"-?\d{2}\.\d{3,}", read)
        assert not re.findall(r'<input type="(?!hidden)[^"]*" name="(?:latitude|longitude)"', page)


def test_a_street_alone_asks_for_the_number(resident_at_place: Client) -> None:
    assert "Type the house number as well, for example 2024 11th Ave S." in place(
        resident_at_place, street="11th Ave S"
    )


def test_no_choice_names_a_coordinate(resident_at_place: Client) -> None:
    page = place(resident_at_place, zip_code="35226")
    choices = re.findall(r'name="meant"[^>]*value="([^"]+)"', page)
    assert len(choices) > 1
    assert len(set(choices)) == len(choices)
    assert not [each for each in choices if re.search(r"\d\.\d", each)]


def test_one_that_is_nowhere_near_can_only_be_missing(resident_at_place: Client) -> None:
    page = place(resident_at_place, street="99999 Nowhere Lane")
    assert page.count('name="meant"') == 1
    assert "My address is missing" in page


def test_an_address_that_was_offered_takes_the_place_of_the_one_that_was_typed(resident_at_place: Client) -> None:
    choice = "1689 20th St S, Birmingham 35205"
    assert place(resident_at_place, street=NOT_THERE["street"], meant=choice) == reverse("register_pin")
    assert "1689 20th St S" in resident_at_place.get(reverse("register_pin")).content.decode()


def test_a_choice_that_was_not_offered_changes_nothing(resident_at_place: Client) -> None:
    page = place(resident_at_place, street=NOT_THERE["street"], meant="1 Somewhere Else, Birmingham 35205")
    assert "We don&#x27;t know this house number." in page


@pytest.mark.parametrize(
    ("language", "words"), [("en", "In front of 2024 11th Ave S"), ("es", "Frente a 2024 11th Ave S")]
)
def test_the_check_says_in_front_of_which_house_the_pin_is(
    language: str, words: str, resident_at_place: Client
) -> None:
    browser, there = resident_at_place, _at("2024 11th Ave S")
    place(browser)
    browser.post(reverse("register_pin"), {"latitude": there.latitude, "longitude": there.longitude})
    browser.post(reverse("register_cameras"), CAMERA)
    browser.cookies["django_language"] = language
    page = browser.get(reverse("register_check")).content.decode()
    assert words in page
    assert 'data-places="#places"' in page  # the small map


def test_a_house_that_only_a_range_knows_is_near_and_its_neighbor_is_not_named(resident_at_place: Client) -> None:
    browser, number = resident_at_place, "2032 11th Ave S"
    assert place(browser, street=number) == reverse("register_pin")
    page = browser.get(reverse("register_pin")).content.decode()
    browser.post(reverse("register_pin"), _hidden(page))
    browser.post(reverse("register_cameras"), CAMERA)
    for shown in (page, browser.get(reverse("register_check")).content.decode()):
        assert f"Near {number}" in shown
        assert "In front of" not in shown


def test_a_missing_address_is_registered_by_its_pin_and_marked(resident: User, resident_at_place: Client) -> None:
    browser = resident_at_place
    assert place(browser, street="99999 Nowhere Lane", meant="missing") == reverse("register_pin")
    there = _at("2024 11th Ave S")
    browser.post(reverse("register_pin"), {"latitude": there.latitude, "longitude": there.longitude})
    browser.post(reverse("register_cameras"), CAMERA)
    browser.post(reverse("register_check"), {"agreed": "on"})
    home = Premises.objects.get(registrant__user=resident)
    assert (home.street, home.is_listed, home.precision) == ("99999 Nowhere Lane", False, "pinned")


def test_an_address_of_another_county_is_told_its_county(resident_at_place: Client) -> None:
    page = place(resident_at_place, street="100 Main St", city="Montgomery", zip_code="36104")
    assert "Montgomery County" in page


def test_an_incident_goes_where_its_place_is(deputy_client: Client) -> None:
    ended = timezone.now() - timedelta(hours=1)
    said = {
        "number": "2026-004711",
        "type": str(IncidentType.objects.get(code="burglary").pk),
        "place": "2000 block of 11th Avenue South",
        "starts_at": typed(ended - timedelta(hours=1)),
        "ends_at": typed(ended),
        "latitude": "",
        "longitude": "",
    }
    deputy_client.post(reverse("incident_new"), said)
    incident = Incident.objects.get(number="2026-004711")
    assert incident.point.distance_m(_at("2000 block of 11th Ave S, near 20th St S")) < 1


def _at(text: str) -> Point:
    return finder.find_places(text)[0].point


def _hidden(page: str) -> dict[str, str]:
    """Return what the hidden fields of a pin's page hold."""
    return dict(re.findall(r'<input type="hidden" name="(latitude|longitude|placed)"[^>]* value="([^"]*)"', page))
