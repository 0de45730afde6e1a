"""Registering in one go on a phone: counted taps, a camera's view drawn on the way, errors that are led to."""

from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from registry.places.models import Camera
from tests.browser.conftest import OpenWindow
from tests.browser.hands import Hands
from tests.browser.mailbox import Mailbox
from tests.browser.owners.test_addresses import STREET, begins, looks_at_the_building
from tests.browser.sizes import HANDHELD
from tests.browser.town import HOME, streets  # noqa: F401
from tests.browser.window import Window
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("streets")]

TAPS: Final = 18
"""As docs/decisions/registry/registering.md says; 25 at most."""

EMAIL: Final = "ana@people.example"
FOCUSED: Final = "() => document.activeElement.name || document.activeElement.role || ''"


class Finger:
    """One finger that is counted. What it types goes where the cursor is."""

    def __init__(self, window: Window) -> None:
        self.window, self.taps = window, 0

    def on(self, what: Locator) -> None:
        """Tap on something."""
        self.taps += 1
        what.tap()

    def follows(self, words: str) -> None:
        """Tap on a link."""
        self.on(self.window.page.locator("main").get_by_role("link", name=words, exact=True).first)

    def presses(self, words: str) -> None:
        """Tap on a button."""
        self.on(self.window.button(words).first)

    def types(self, name: str, words: str) -> None:
        """Type into a field. A tap takes the cursor there, if it is elsewhere."""
        if self.window.page.evaluate(FOCUSED) != name:
            self.on(self.window.page.locator(f"[name={name}]"))
        self.window.page.keyboard.type(words)
        expect(self.window.page.locator(f"[name={name}]")).to_have_value(words)


def test_a_new_resident_registers_a_camera_with_few_taps(open_window: OpenWindow, mailbox: Mailbox) -> None:
    window = open_window("resident", size=HANDHELD)
    finger = Finger(window)
    makes_an_account(finger, mailbox)
    finger.types("name", "Ana Rivera")
    finger.types("phone", "205-555-0117")
    finger.presses("Continue")
    window.arrives("Where are your cameras?")
    finger.types("street", "2024 11th av")
    finger.on(window.page.get_by_role("option", name=HOME).first)
    finger.presses("Find it on the map")
    window.arrives("Is this the right building?")
    finger.presses("Yes, continue")
    window.arrives("Which cameras are there?")
    finger.types("camera-0-name", "Front door")
    finger.presses("Continue")
    window.arrives("What registering means")
    finger.on(window.page.get_by_text("I have read this, and I want to register."))
    finger.presses("Continue")
    window.arrives("Is everything right?")
    finger.presses("Confirm and register")
    window.arrives("Hello, Ana Rivera")
    window.reads("You are registered. Thank you.")
    assert Camera.objects.get().name == "Front door"
    assert finger.taps == TAPS


def makes_an_account(finger: Finger, mailbox: Mailbox) -> None:
    """Come from the home page to the first question; the code is typed where the cursor is already."""
    window = finger.window
    window.open("/")
    finger.follows("Register a camera")
    window.arrives("Register a camera")
    finger.follows("Create an account")
    window.arrives("Create an account")
    finger.types("email", EMAIL)
    finger.types("password1", PASSWORD)
    password = window.page.locator("[name=password1]")
    window.press("Show password")
    expect(password).to_have_attribute("type", "text")
    window.looks()
    window.press("Show password")
    expect(password).to_have_attribute("type", "password")
    finger.presses("Continue")
    window.arrives("Type the code from your e-mail")
    before = finger.taps
    finger.types("code", mailbox.code_for(EMAIL))
    assert finger.taps == before
    finger.presses("Continue")
    window.arrives("How can we reach you?")


def comes_to_the_cameras(open_window: OpenWindow, language: str) -> Window:
    """Return the window of somebody at the step of cameras."""
    window = open_window("resident", size=HANDHELD, language=language)
    hands = Hands(window)
    begins(hands)
    hands.chooses(STREET, "2024 11th av", HOME)
    looks_at_the_building(hands, HOME)
    hands.presses("Yes, continue")
    window.arrives("Which cameras are there?")
    return window


@pytest.mark.parametrize("language", ["en", pytest.param("es", marks=pytest.mark.long)])
def test_kind_and_view_of_two_cameras_are_chosen_on_the_way(open_window: OpenWindow, language: str) -> None:
    window = comes_to_the_cameras(open_window, language)
    window.page.locator("[name=camera-0-name]").fill("Front door")
    window.press("Doorbell")
    expect(window.page.locator("[name=camera-0-kind]")).to_have_value(window.says("Doorbell"))
    window.press("Add another camera")
    second = window.page.locator("[name=camera-1-name]")
    expect(second).to_be_focused()
    second.fill("Yard")
    card = window.page.locator("fieldset").filter(has=second)
    card.get_by_text(window.says("What it sees, on the map")).tap()
    box = card.locator("[data-map]")
    box.scroll_into_view_if_needed()
    area = box.bounding_box()
    assert area is not None
    window.page.touchscreen.tap(area["x"] + area["width"] / 2, area["y"] + 40)
    north = card.get_by_role("button", name=window.says("north"), exact=True)
    expect(north).to_have_attribute("aria-pressed", "true")
    window.looks()
    card.get_by_role("button", name=window.says("east"), exact=True).tap()
    window.looks()
    window.press("Continue")
    window.comes_to("What registering means")
    window.page.get_by_text(window.says("I have read this, and I want to register.")).tap()
    window.press("Continue")
    window.arrives("Is everything right?")
    window.press("Confirm and register")
    window.arrives(window.says("Hello, %(name)s", name="Ana Rivera"))
    door, yard = Camera.objects.order_by("name")
    assert (door.kind, door.facing) == (window.says("Doorbell"), None)
    assert yard.facing == 90
    assert yard.angle == 90
    assert 10 < (yard.reach_m or 0) < 60
    window.looks()


def test_an_error_leads_to_its_field_and_change_back_to_the_check(open_window: OpenWindow) -> None:
    window = comes_to_the_cameras(open_window, "en")
    hands = Hands(window)
    window.press("Add another camera")
    window.page.locator("[name=camera-1-name]").fill("Yard")
    window.press("Continue")
    expect(window.page.get_by_role("alert")).to_be_focused()
    assert window.page.title().startswith("Error: ")
    window.looks()
    window.page.get_by_role("alert").get_by_role("link").tap()
    expect(window.page.locator("[name=camera-0-name]")).to_be_focused()
    window.page.keyboard.type("Front door")
    window.press("Continue")
    window.comes_to("What registering means")
    window.page.get_by_text("I have read this, and I want to register.").tap()
    window.press("Continue")
    window.comes_to("Is everything right?")
    hands.follows("Change: Place")
    window.arrives("Where are your cameras?")
    window.press("Find it on the map")
    window.comes_to("Is this the right building?")
    window.press("Yes, continue")
    window.arrives("Is everything right?")
    hands.follows("Change: Cameras")
    window.arrives("Which cameras are there?")
    window.page.locator("[name=camera-0-name]").fill("Back door")
    window.press("Continue")
    window.comes_to("Is everything right?")
    window.reads("Back door")
