"""Registering by an address that is found while one types: with fingers, by keyboard, without script, in Spanish."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from fusus_portal.demo.data import town
from fusus_portal.ground.streets import finding, street_map
from fusus_portal.ground.streets.readers import open_source
from fusus_portal.ground.streets.services import loads
from registry.places.models import Premises
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, HANDHELD
from tests.browser.window import Window
from tests.factories import person

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _town(portal_db: object, tmp_path: Path) -> None:
    """Load the demo's town, and draw its map."""
    street_map.draw(loads.load(sources=[open_source(file) for file in town.write(tmp_path)]).data)


def begins(window: Window) -> None:
    """Sign in as somebody new, and come to the question where the cameras are."""
    window.is_signed_in_as(person(language=window.language))
    window.open("/register/you/")
    window.fill("Your name", "Ana Rivera")
    window.fill("Phone number", "205-555-0117")
    window.press("Go on to your place")
    window.arrives("Where are your cameras?")


@pytest.mark.parametrize(
    "how",
    [
        {"size": HANDHELD, "language": "en", "script": True},
        {"size": HANDHELD, "language": "es", "script": True},
        {"size": DESKTOP, "language": "en", "script": True},
    ],
)
def test_an_address_is_chosen_and_its_pin_is_on_the_street_map(how: dict[str, Any], open_window: OpenWindow) -> None:
    window = open_window("resident", **how)
    begins(window)
    street = window.page.locator("[name=street]")
    street.press_sequentially("2024 11th av")
    option = window.page.get_by_role("option", name="2024 11th Ave S")
    expect(option).to_be_visible()
    window.looks()
    if how["size"].touch:
        option.tap()
    else:
        street.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        street.press("Enter")
    expect(street).to_have_value("2024 11th Ave S")
    expect(window.page.locator("[name=city]")).to_have_value("Birmingham")
    expect(window.page.locator("[name=zip_code]")).to_have_value("35205")
    expect(window.page.get_by_role("listbox")).to_be_hidden()
    window.press("Find it on the map")
    window.arrives("Is this the right spot?")
    expect(window.page.locator(".map canvas").first).to_be_visible()
    window.looks()
    window.press("Yes, go on to cameras")
    window.arrives("Which cameras are there?")


def test_without_script_the_closest_addresses_are_a_list(open_window: OpenWindow) -> None:
    window = open_window("resident", size=HANDHELD, script=False)
    begins(window)
    window.fill("Street and number", "9000 20th Street South")
    window.fill("City", "Birmingham")
    window.fill("ZIP code", "35205")
    window.press("Find it on the map")
    window.reads("We don't know this address. Please check the street and the number.")
    window.looks()
    window.page.get_by_text("1689 20th St S, Birmingham 35205").click()
    window.press("Find it on the map")
    window.arrives("Is this the right spot?")
    window.reads("1689 20th St S, Birmingham, AL 35205")


def test_escape_closes_the_list_and_keeps_what_was_typed(open_window: OpenWindow) -> None:
    window = open_window("resident", size=DESKTOP)
    begins(window)
    street = window.page.locator("[name=street]")
    street.press_sequentially("2024 high")
    expect(window.page.get_by_role("option").first).to_be_visible()
    street.press("Escape")
    expect(window.page.get_by_role("listbox")).to_be_hidden()
    expect(street).to_have_value("2024 high")


def test_a_deputy_types_a_block_and_the_pin_follows(open_window: OpenWindow, deputy: object) -> None:
    window = open_window("deputy", size=DESKTOP)
    window.is_signed_in_as(deputy)  # type: ignore[arg-type]
    window.open("/console/incidents/new/")
    place = window.page.locator("[name=place]")
    place.press_sequentially("2000 block of magn")
    window.page.get_by_role("option").first.click()
    expect(place).to_have_value("2000 block of Magnolia Ave S")
    there = finding.find("2000 block of Magnolia Ave S")[0].point
    expect(window.page.locator("[name=latitude]")).to_have_value(str(round(there.latitude, 6)))
    window.looks()
    assert Premises.objects.count() == 0
