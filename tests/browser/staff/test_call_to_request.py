"""From a call to a request sent, on one page: four presses besides typing address, number and reason."""

from typing import Any

import pytest
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from registry.canvasses.models import Canvass, FootageRequest
from registry.incidents.models import Incident
from tests.browser.conftest import OpenWindow
from tests.browser.deputies import NUMBER, PURPOSE, REASON
from tests.browser.hands import Hands, hands_at, ways
from tests.browser.town import HOME, at, sees_streets, streets  # noqa: F401
from tests.browser.window import Window
from tests.factories import north_of, registrant_at

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("streets")]


class Counted:
    """Hands whose presses on buttons, boxes and lists are counted. Typing and taking a suggestion do not count."""

    def __init__(self, hands: Hands) -> None:
        self.hands, self.presses = hands, 0

    def selects(self, label: str, choice: str) -> None:
        """Choose one of a list."""
        self.hands.selects(label, choice)
        self.presses += 1

    def press(self, words: str) -> None:
        """Press a button."""
        self.hands.presses(words)
        self.presses += 1


def on_the_page(window: Window) -> None:
    window.open("/console/incidents/new/")
    window.comes_to("New incident")


@ways("desktop-en", "keys", "plain", seldom=("handheld-en",))
def test_a_known_address_takes_one_page_and_four_presses(
    way: dict[str, Any], open_window: OpenWindow, deputy: User
) -> None:
    home = registrant_at(north_of(at(HOME), 60))
    hands = hands_at(open_window, "deputy", way)
    window, counted = hands.window, Counted(hands)
    window.is_signed_in_as(deputy)
    on_the_page(window)
    hands.fills("Incident number", NUMBER)
    counted.selects("Crime or emergency", "Burglary")
    hands.chooses("Place", "2024 11th av", HOME)
    if window.script:
        expect(window.page.locator("[name=latitude]")).to_have_value(str(round(at(HOME).latitude, 6)))
        sees_streets(window)
    counted.selects("Purpose", PURPOSE)
    hands.fills("Reason", REASON)
    counted.press("See who would be asked")
    window.arrives(f"Canvass · {NUMBER}")
    window.reads("1 owner would be asked")
    window.reads("The message each owner gets")
    if window.script:
        # Whoever uses keys or a screen reader is told first; what was typed is still there to be changed.
        expect(window.page.locator(".usa-summary-box")).to_be_focused()
        expect(window.page.locator(".map-pin--camera")).to_be_visible()
    expect(window.page.locator("[name=reason]")).to_have_value(REASON)
    assert not FootageRequest.objects.filter(registrant=home).exists()
    counted.press("Send to 1 owner")
    window.reads("No reply yet")
    assert counted.presses <= 4
    asked = FootageRequest.objects.get(registrant=home)
    assert asked.incident.number == NUMBER
    assert asked.canvass.center.distance_m(at(HOME)) < 1

    window.page.go_back()
    expect(window.button("Send to 1 owner")).to_have_count(0)
    assert FootageRequest.objects.filter(registrant=home).count() == 1


@ways("desktop-en", seldom=("handheld-en",))
def test_the_circle_is_drawn_smaller_on_the_same_page(
    way: dict[str, Any], open_window: OpenWindow, deputy: User
) -> None:
    for meters in (60, 280):
        registrant_at(north_of(at(HOME), meters))
    hands = hands_at(open_window, "deputy", way)
    window = hands.window
    window.is_signed_in_as(deputy)
    on_the_page(window)
    hands.fills("Incident number", NUMBER)
    hands.selects("Crime or emergency", "Burglary")
    hands.chooses("Place", "2024 11th av", HOME)
    hands.selects("Purpose", PURPOSE)
    hands.fills("Reason", REASON)
    hands.presses("See who would be asked")
    window.reads("2 owners would be asked")
    window.reads("It can be searched 2 more times")
    window.page.get_by_label("Size of the search").fill("179")
    hands.presses("Search again")
    window.reads("1 owner would be asked")
    window.reads("It can be searched 1 more time")
    assert round(Canvass.objects.get(incident__number=NUMBER).radius_m) == 179


def test_what_is_wrong_is_said_at_the_top_and_nothing_is_lost(open_window: OpenWindow, deputy: User) -> None:
    hands = hands_at(open_window, "deputy", {})
    window = hands.window
    window.is_signed_in_as(deputy)
    on_the_page(window)
    hands.fills("Incident number", NUMBER)
    hands.chooses("Place", "2024 11th av", HOME)
    hands.fills("Reason", "investigation")
    hands.presses("See who would be asked")
    window.reads("Please check what you typed")
    window.looks()
    alert = window.page.get_by_role("alert")
    expect(alert).to_be_focused()
    kind = "Choose an answer for “Crime or emergency”."
    for missing in (kind, "Choose a purpose. Owners read it in the request.", "Reason"):
        expect(alert.get_by_role("link", name=missing, exact=True)).to_be_visible()
    alert.get_by_role("link", name=kind).click()
    expect(window.page.get_by_label("Crime or emergency")).to_be_focused()
    expect(window.page.locator("[name=place]")).to_have_value(HOME)
    expect(window.page.locator("[name=number]")).to_have_value(NUMBER)
    assert not Incident.objects.exists()


def test_a_deputy_at_the_scene_presses_i_am_here(open_window: OpenWindow, deputy: User) -> None:
    hands = hands_at(open_window, "deputy", {})
    window, there = hands.window, at(HOME)
    window.is_signed_in_as(deputy)
    window.context.grant_permissions(["geolocation"])
    window.context.set_geolocation({"latitude": there.latitude, "longitude": there.longitude})
    on_the_page(window)
    hands.fills("Incident number", NUMBER)
    hands.selects("Crime or emergency", "Burglary")
    hands.presses("I am here")
    expect(window.page.locator("[name=latitude]")).to_have_value(f"{there.latitude:.6f}")
    window.page.get_by_text("It is still going on").click()
    hands.presses("Open it without asking")
    window.arrives(f"{NUMBER} · Burglary")
    incident = Incident.objects.get()
    assert incident.goes_on
    assert incident.point.distance_m(there) < 1
    assert "block of" in incident.place
