"""Registering in one go: counted taps, pages and fields, a pin that is in front of a house, errors that are led to."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import shapely
from playwright.sync_api import Locator, expect

from fusus_portal.demo.data import town
from fusus_portal.ground.geo.points import Point
from registry.places.models import Camera
from registry.registrants.models import Registrant
from tests.browser.conftest import OpenWindow
from tests.browser.hands import WAYS, Hands, Plain, hands_at, ways
from tests.browser.mailbox import Mailbox
from tests.browser.owners.test_addresses import STREET, begins, looks_at_the_building
from tests.browser.residents import pastes_the_pin, pin_of, says_where
from tests.browser.sizes import HANDHELD
from tests.browser.town import HOME, at, streets  # noqa: F401
from tests.browser.window import Window
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("streets")]

MOST_TAPS: Final = 16
TAPS: Final = 14
"""Taps of one camera, as docs/decisions/registry/registering.md says."""

PAGES: Final = 7
LIE_ON_EACH_OTHER: Final = """() => {
  const boxes = [...document.querySelectorAll(".map-number span")].map((number) => number.getBoundingClientRect());
  const lieOn = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom
    && other.top < one.bottom;
  return boxes.filter((one, place) => boxes.slice(place + 1).some((other) => lieOn(one, other))).length;
}"""
FIELDS: Final = ["email", "password1", "code", "name", "street"]

EMAIL: Final = "ana@people.example"
NEXT_DOOR: Final = "2040 11th Ave S"
COORDINATE: Final = re.compile(r"-?\d{2}\.\d{3,}")
FOCUSED: Final = "() => document.activeElement.name || document.activeElement.role || ''"


class Finger:
    """One finger that is counted. What it types goes where the cursor is. typed: names of the fields it typed into."""

    def __init__(self, window: Window) -> None:
        self.window, self.taps, self.typed = window, 0, list[str]()
        self.pages: list[str] = []

    def on(self, what: Locator) -> None:
        """Tap on something."""
        self.taps += 1
        what.tap()

    def follows(self, words: str) -> None:
        """Tap on a link."""
        name = self.window.says(words)
        self.on(self.window.page.locator("main").get_by_role("link", name=name, exact=True).first)

    def presses(self, words: str) -> None:
        """Tap on a button."""
        self.on(self.window.button(words).first)

    def types(self, name: str, words: str) -> None:
        """Type into a field. A tap takes the cursor there, if it is elsewhere."""
        if self.window.page.evaluate(FOCUSED) != name:
            self.on(self.window.page.locator(f"[name={name}]"))
        self.typed.append(name)
        self.window.page.keyboard.type(words)
        expect(self.window.page.locator(f"[name={name}]")).to_have_value(words)

    def sees(self, heading: str) -> None:
        """Look at the next page. No coordinate is on it."""
        self.window.arrives(heading)
        self.pages.append(heading)
        assert not COORDINATE.search(self.window.text())


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_new_resident_registers_a_camera_with_few_taps(
    language: str, open_window: OpenWindow, mailbox: Mailbox
) -> None:
    hands = hands_at(open_window, "resident", WAYS[f"handheld-{language}"])
    window = hands.window
    finger = Finger(window)
    makes_an_account(finger, mailbox)
    finger.types("name", "Ana Rivera")
    finger.presses("Continue")
    finger.sees("Where are your cameras?")
    finger.types("street", "2024 11th av")
    finger.on(window.page.get_by_role("option", name=HOME).first)
    finger.presses("Find it on the map")
    finger.sees("Is this the right building?")
    window.reads(window.says("In front of %(address)s", address=HOME))
    finger.presses("Yes, continue")
    finger.sees("Which cameras are there?")
    finger.presses("Continue")
    finger.sees("Is everything right?")
    expect(window.page.locator(".map--small.leaflet-container")).to_be_visible()
    finger.on(window.page.get_by_text(window.says("I have read this, and I want to register.")))
    finger.presses("Confirm and register")
    window.arrives(window.says("Hello, %(name)s", name="Ana Rivera"))
    assert Camera.objects.get().name == window.says("Camera %(number)s", number=1)
    assert Registrant.objects.get().phone == ""
    assert (finger.taps, len(finger.pages), finger.typed) == (TAPS, PAGES, FIELDS)
    assert TAPS <= MOST_TAPS


def makes_an_account(finger: Finger, mailbox: Mailbox) -> None:
    """Come from the home page to the first question; the code is typed where the cursor is already."""
    window = finger.window
    window.open("/")
    finger.follows("Register a camera")
    finger.sees("Register a camera")
    finger.types("email", EMAIL)
    finger.types("password1", PASSWORD)
    password = window.page.locator("[name=password1]")
    window.press("Show password")
    expect(password).to_have_attribute("type", "text")
    window.looks()
    window.press("Show password")
    expect(password).to_have_attribute("type", "password")
    finger.presses("Continue")
    finger.sees("Type the code from your e-mail")
    before = finger.taps
    finger.types("code", mailbox.code_for(EMAIL))
    assert finger.taps == before
    finger.presses("Continue")
    finger.sees("How can we reach you?")


@ways("plain", "keys", seldom=("keys-es",))
def test_without_script_or_by_keys_it_takes_as_few_pages(
    way: dict[str, Any], open_window: OpenWindow, mailbox: Mailbox
) -> None:
    hands = hands_at(open_window, "resident", way)
    window = hands.window
    pages: list[str] = []
    window.page.on("framenavigated", lambda frame: pages.append(urlsplit(frame.url).path))
    window.open("/register/")
    hands.fills("E-mail address", EMAIL)
    hands.fills("Password", PASSWORD)
    hands.presses("Continue")
    window.comes_to("Type the code from your e-mail")
    window.page.keyboard.type(mailbox.code_for(EMAIL))
    window.page.keyboard.press("Enter")
    window.comes_to("How can we reach you?")
    hands.fills("Your name", "Ana Rivera")
    hands.presses("Continue")
    window.comes_to("Where are your cameras?")
    hands.chooses(STREET, "2024 11th av", HOME)
    looks_at_the_building(hands, HOME)
    window.reads(window.says("In front of %(address)s", address=HOME))
    hands.presses("Yes, continue")
    window.comes_to("Which cameras are there?")
    hands.presses("Continue")
    window.comes_to("Is everything right?")
    assert not COORDINATE.search(window.text())
    hands.ticks("I have read this, and I want to register.")
    hands.presses("Confirm and register")
    window.comes_to(window.says("Hello, %(name)s", name="Ana Rivera"))
    seen = [page for page in dict.fromkeys(pages) if page not in {"/profile/", "about:blank"}]
    assert len(seen) == PAGES, seen


@pytest.mark.parametrize("script", [True, False])
def test_a_pin_in_a_lake_is_a_question(script: bool, open_window: OpenWindow) -> None:
    lake = shapely.Polygon(town.water()[0].outline).centroid
    window = open_window("resident", size=HANDHELD, script=script)
    hands = (Hands if script else Plain)(window)
    begins(hands)
    hands.chooses(STREET, "2024 11th av", HOME)
    looks_at_the_building(hands, HOME)
    pastes_the_pin(window, Point(lake.y, lake.x))
    window.press("Yes, continue")
    window.reads("The pin is in Caldwell Lake. Move it to the building, or confirm that the cameras are on the water.")
    window.looks()
    assert not COORDINATE.search(window.text())
    says_where(window, HOME)
    window.press("Yes, continue")
    window.comes_to("Which cameras are there?")


def test_a_tap_beside_a_house_puts_the_pin_in_front_of_it(open_window: OpenWindow) -> None:
    window = open_window("resident", size=HANDHELD)
    hands = Hands(window)
    begins(hands)
    hands.chooses(STREET, "2024 11th av", HOME)
    looks_at_the_building(hands, HOME)
    numbers = window.page.locator(".map-number span")
    expect(numbers.filter(has_text=HOME.split()[0]).first).to_be_visible()
    assert window.page.evaluate(LIE_ON_EACH_OTHER) == 0
    other = numbers.filter(has_text=NEXT_DOOR.split()[0]).first
    window.page.locator(".map").scroll_into_view_if_needed()
    box = other.bounding_box()
    assert box is not None
    window.page.touchscreen.tap(box["x"] + box["width"] / 2 + 6, box["y"] + box["height"] / 2 + 6)
    expect(window.page.locator("[data-where]")).to_have_text(f"In front of {NEXT_DOOR}")
    assert pin_of(window).distance_m(at(NEXT_DOOR)) < 1
    window.looks()
    tapped = pin_of(window)
    window.page.get_by_role("button", name="Pin. Arrow keys move it.").press("Shift+ArrowUp")
    assert 2 < pin_of(window).distance_m(tapped) < 25
    hands.presses("Yes, continue")
    window.comes_to("Which cameras are there?")


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
    window.arrives("Is everything right?")
    window.page.get_by_text(window.says("I have read this, and I want to register.")).tap()
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
    window.page.get_by_text("Maker, model, days kept").click()
    window.page.locator("[name=camera-0-days_kept]").fill("0")
    window.press("Add another camera")
    window.page.locator("[name=camera-1-name]").fill("Yard")
    window.press("Continue")
    expect(window.page.get_by_role("alert")).to_be_focused()
    assert window.page.title().startswith("Error: ")
    window.looks()
    window.page.get_by_role("alert").get_by_role("link").tap()
    expect(window.page.locator("[name=camera-0-days_kept]")).to_be_focused()
    window.page.locator("[name=camera-0-days_kept]").fill("14")
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
