"""Registering and moving by an address: with fingers, mouse or keys, without script, in both languages."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from registry.places.models import Camera, Premises
from tests.browser.conftest import OpenWindow
from tests.browser.hands import Hands, hands_at, ways
from tests.browser.sizes import DESKTOP, HANDHELD
from tests.browser.town import HOME, at, sees_streets, streets  # noqa: F401
from tests.browser.window import Window
from tests.factories import person, registrant_at

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("streets")]

STREET = "Street and number"
ELSEWHERE = "1689 20th St S"


def begins(hands: Hands) -> Window:
    """Sign in as somebody new, and come to the question where the cameras are."""
    window = hands.window
    window.is_signed_in_as(person(language=window.language))
    window.open("/register/you/")
    hands.fills("Your name", "Ana Rivera")
    hands.presses("Continue")
    window.comes_to("Where are your cameras?")
    return window


def looks_at_the_building(hands: Hands, place: str) -> None:
    """Find the address that was typed, and look at its pin on the street map."""
    hands.presses("Find it on the map")
    hands.window.comes_to("Is this the right building?")
    hands.window.reads(f"{place}, Birmingham, AL 35205")
    if hands.window.script:
        sees_streets(hands.window)
    else:
        hands.window.looks()


@ways("handheld-es", "keys", "plain", seldom=("handheld-en", "desktop-en", "desktop-es", "keys-es"))
def test_somebody_registers_by_an_address(way: dict[str, Any], open_window: OpenWindow) -> None:
    hands = hands_at(open_window, "resident", way)
    window = begins(hands)
    hands.chooses(STREET, "2024 11th av", HOME)
    expect(window.page.locator("[name=city]")).to_have_value("Birmingham")
    expect(window.page.locator("[name=zip_code]")).to_have_value("35205")
    looks_at_the_building(hands, HOME)
    hands.presses("Yes, continue")
    window.arrives("Which cameras are there?")
    hands.presses("Continue")
    window.arrives("Is everything right?")
    hands.ticks("I have read this, and I want to register.")
    hands.presses("Confirm and register")
    window.arrives(window.says("Hello, %(name)s", name="Ana Rivera"))
    place = Premises.objects.get()
    assert (place.street, place.zip_code, place.is_listed) == (HOME, "35205", True)
    assert place.point.distance_m(at(HOME)) < 1
    assert Camera.objects.get().name == window.says("Camera %(number)s", number=1)


@ways("handheld-en", seldom=("handheld-es", "desktop-en", "keys", "keys-es", "plain"))
def test_somebody_moves_by_an_address(way: dict[str, Any], open_window: OpenWindow) -> None:
    hands = hands_at(open_window, "resident", way)
    window = hands.window
    owner = registrant_at(user=person(language=window.language), language=window.language)
    window.is_signed_in_as(owner.user)
    window.open("/profile/")
    window.unfolds(str(Premises.objects.get().address))
    hands.follows(f"{window.says('I am moving')}: {Premises.objects.get().address}")
    window.arrives("Where are you moving?")
    hands.chooses(STREET, "1689 20th", ELSEWHERE)
    looks_at_the_building(hands, ELSEWHERE)
    hands.presses("Yes, show me what will happen")
    window.arrives("You stay registered")
    hands.presses("Confirm the move")
    window.arrives(window.says("Hello, %(name)s", name="Ana Rivera"))
    place = Premises.objects.get()
    assert place.street == ELSEWHERE
    assert place.point.distance_m(at(ELSEWHERE)) < 1


def test_without_script_the_closest_addresses_are_a_list(open_window: OpenWindow) -> None:
    window = open_window("resident", size=HANDHELD, script=False)
    begins(Hands(window))
    window.fill(STREET, "9000 20th Street South")
    window.fill("City", "Birmingham")
    window.fill("ZIP code", "35205")
    window.press("Find it on the map")
    window.reads(
        f"We don't know this house number. Did you mean {ELSEWHERE}, Birmingham 35205, or one of the others below?"
    )
    window.looks()
    window.page.locator("label", has_text=f"{ELSEWHERE}, Birmingham 35205").click()
    looks_at_the_building(Hands(window), ELSEWHERE)


def test_escape_closes_the_list_and_keeps_what_was_typed(open_window: OpenWindow) -> None:
    window = open_window("resident", size=DESKTOP)
    begins(Hands(window))
    street = window.page.locator("[name=street]")
    street.press_sequentially("2024 high")
    expect(window.page.get_by_role("option").first).to_be_visible()
    street.press("Escape")
    expect(window.page.get_by_role("listbox")).to_be_hidden()
    expect(street).to_have_value("2024 high")


@pytest.mark.parametrize(("language", "one"), [("en", "1 place is below."), ("es", "1 lugar")])
def test_one_place_that_is_found_is_one(open_window: OpenWindow, language: str, one: str) -> None:
    window = begins(hands_at(open_window, "resident", {"size": DESKTOP, "language": language}))
    field, said = window.page.get_by_label(window.says(STREET), exact=True), window.page.locator("[role=status]")
    for typed in ("2024 11th av", "11th av"):
        field.fill("")
        field.press_sequentially(typed)
        expect(window.page.get_by_role("option").first).to_be_visible()
        number = window.page.get_by_role("option").count()
        told = said.all_inner_texts()
        assert any((one if number == 1 else f"{number} ") in words for words in told), (number, told)
        assert number == 1 or not any(one in words for words in told)


def test_what_is_typed_before_the_script_has_come_is_suggested(open_window: OpenWindow) -> None:
    hands = hands_at(open_window, "resident", {"size": DESKTOP})
    page = hands.window.page
    held: list[Route] = []

    def hold(script: Route) -> None:
        held.append(script)

    page.route("**/js/address*.js", hold)
    begins(hands)
    field = page.get_by_label(STREET, exact=True)
    field.press_sequentially("2024 11th av")
    expect(field).to_have_value("2024 11th av")
    held[0].continue_()
    expect(page.get_by_role("option", name=HOME)).to_be_visible()
