"""Questions about an unclear address, the sentence about a pin, and words that the steps no longer use."""

import re
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.hands import Hands
from tests.browser.owners.test_addresses import STREET, begins
from tests.browser.residents import pastes_the_pin, says_where
from tests.browser.sizes import DESKTOP, HANDHELD
from tests.browser.town import HOME, streets  # noqa: F401
from tests.browser.window import Window
from tests.factories import LINN_PARK
from tests.registry.other_counties.elsewhere import IN_PELHAM

pytestmark = pytest.mark.browser

COORDINATE: Final = re.compile(r"-?\d{2}\.\d{3,}")


def asks_for(window: Window, street: str, city: str) -> None:
    """Type an address, and have it looked up."""
    window.fill(STREET, street)
    window.fill("City", city)
    window.fill("ZIP code", "35205")
    window.press("Find it on the map")


def comes_to_the_check(window: Window) -> None:
    """Say nothing of the camera; come to the last step."""
    window.press("Yes, continue")
    window.arrives("Which cameras are there?")
    window.press("Continue")
    window.arrives("Is everything right?")
    window.reads("Camera 1")


@pytest.mark.usefixtures("streets")
def test_another_city_and_a_missing_number_are_questions(open_window: OpenWindow) -> None:
    window = open_window("resident", size=HANDHELD)
    begins(Hands(window))
    asks_for(window, "11th Ave S", "Birmingham")
    window.reads("Type the house number as well, for example 2024 11th Ave S.")
    asks_for(window, HOME, "Hoover")
    window.reads("We know 2024 11th Ave S in Birmingham, not in Hoover. Did you mean Birmingham?")
    window.looks()
    window.page.get_by_text(f"{HOME}, Birmingham 35205").click()
    window.press("Find it on the map")
    window.arrives("Is this the right building?")
    window.reads(f"{HOME}, Birmingham, AL 35205")
    pastes_the_pin(window, IN_PELHAM)
    window.press("Yes, continue")
    expect(window.page.get_by_role("alert")).to_contain_text("This place is in Shelby County, Alabama")
    window.reads("Whom to ask in Shelby County, Alabama")
    window.looks()
    says_where(window, HOME)
    comes_to_the_check(window)
    window.reads(f"In front of {HOME}")
    assert not COORDINATE.search(window.text())
    assert "and that is fine" not in window.text()


def test_without_streets_a_map_shows_the_pin_and_no_number(open_window: OpenWindow) -> None:
    window = open_window("resident", size=DESKTOP)
    begins(Hands(window))
    asks_for(window, "600 20th Street North", "Birmingham")
    window.arrives("Is this the right building?")
    pastes_the_pin(window, LINN_PARK)
    comes_to_the_check(window)
    expect(window.page.locator(".map--small.leaflet-container")).to_be_visible()
    assert not COORDINATE.search(window.text())
