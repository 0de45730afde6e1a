"""Whole paths by keyboard alone on the narrowest screen, and the lock of an idle screen."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in import sessions
from registry.footage.models import Evidence
from registry.incidents.models import Incident
from registry.incidents.states import IncidentState
from registry.places.models import Camera
from tests.browser import residents
from tests.browser.conftest import OpenWindow
from tests.browser.mailbox import Mailbox
from tests.browser.sizes import NARROWEST
from tests.browser.window import Window
from tests.factories import incident_at, owner_of, person, registrant_at, request_at

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return ["", true];  // between the last and the first: the browser's own bar
  const style = getComputedStyle(focused);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const name = focused.ariaLabel || focused.labels?.[0]?.innerText || focused.textContent || "";
  return [name.replace(/\\s+/g, " ").trim(), ring];
}"""
WORK = "/console/work/"
"""Path that a start page fetches every few seconds."""

MOST_STEPS = 100
MINUTES_TO_THE_WARNING = "28:30"


def tabs_to(window: Window, words: str) -> None:
    """Press Tab until the element with these words has the focus; each step on the way can be seen."""
    seen: list[str] = []
    for _ in range(MOST_STEPS):
        window.page.keyboard.press("Tab")
        name, ring = window.page.evaluate(FOCUSED)
        assert ring, f"the focus on {name!r} can't be seen"
        if name == window.says(words):
            return
        seen.append(name)
    raise AssertionError(f"{words!r} is not among {seen}")


def enters(window: Window, words: str) -> None:
    """Go to an element by Tab and press Enter."""
    tabs_to(window, words)
    window.page.keyboard.press("Enter")


def types(window: Window, label: str, words: str) -> None:
    """Go to a field by Tab and write into it, in place of what stands there."""
    tabs_to(window, label)
    window.page.keyboard.press("Control+a")
    window.page.keyboard.type(words)


@pytest.mark.parametrize("language", ["en", pytest.param("es", marks=pytest.mark.long)])
def test_registering_takes_keys_alone(language: str, open_window: OpenWindow) -> None:
    window = open_window("resident", size=NARROWEST, language=language)
    window.is_signed_in_as(person(language=language))
    window.open("/register/you/")
    window.arrives("How can we reach you?")
    types(window, "Your name", "Ana Rivera")
    enters(window, "Continue")
    window.arrives("Where are your cameras?")
    types(window, "Street and number", "600 20th Street North")
    types(window, "City", "Birmingham")
    types(window, "ZIP code", "35203")
    enters(window, "Find it on the map")
    window.arrives("Is this the right building?")
    tabs_to(window, "Pin. Arrow keys move it.")
    guess = residents.pin_of(window)
    for key in ("ArrowUp", "ArrowUp", "ArrowRight"):
        window.page.keyboard.press(key)
    moved = residents.pin_of(window)
    assert moved.latitude > guess.latitude
    assert moved.longitude > guess.longitude
    enters(window, "Yes, continue")
    window.arrives("Which cameras are there?")
    enters(window, "Continue")
    window.arrives("Is everything right?")
    tabs_to(window, "I have read this, and I want to register.")
    window.page.keyboard.press("Space")
    enters(window, "Confirm and register")
    window.arrives(window.says("Hello, %(name)s", name="Ana Rivera"))
    assert Camera.objects.get().name == window.says("Camera %(number)s", number=1)


@pytest.mark.long
def test_footage_is_given_by_keyboard(open_window: OpenWindow, mailbox: Mailbox, recording: Path) -> None:
    asked = request_at("sent")
    window = open_window("link", size=NARROWEST)
    window.open(mailbox.request_link_for(owner_of(asked).email))
    enters(window, "Skip to main content")
    expect(window.page.locator("#main")).to_be_focused()
    enters(window, "Give footage")
    window.arrives("Give footage")
    with window.page.expect_file_chooser() as chooser:
        enters(window, "Choose files")
    chooser.value.set_files(recording)
    expect(window.page.locator("[data-part=state]").last).to_contain_text("Here. Not given yet.", timeout=20_000)
    enters(window, "Look at your files")
    expect(window.button("Give this file")).to_be_visible(timeout=30_000)
    window.arrives("Look at your files")
    enters(window, "Give this file")
    heading = window.page.get_by_role("heading", name="Thank you for your footage")
    expect(heading).to_be_visible(timeout=40_000)
    assert Evidence.objects.get().sha256 == hashlib.sha256(recording.read_bytes()).hexdigest()


@pytest.mark.long
def test_declining_takes_two_keys_and_can_be_taken_back_before(open_window: OpenWindow, mailbox: Mailbox) -> None:
    asked = request_at("sent", registrant=registrant_at(language="es"))
    window = open_window("link", size=NARROWEST, language="es")
    window.open(mailbox.request_link_for(owner_of(asked).email))
    enters(window, "I would rather not")
    window.arrives("You would rather not give footage?")
    enters(window, "Back to the request")
    window.arrives("Do you have footage of this?")
    enters(window, "I would rather not")
    window.arrives("You would rather not give footage?")
    enters(window, "Yes, rather not")
    window.arrives("Your answer is noted")


@pytest.mark.long
def test_closing_an_incident_can_be_left_and_done_by_keys(open_window: OpenWindow, deputy: User) -> None:
    incident = incident_at(by=deputy)
    desk = open_window("deputy", size=NARROWEST)
    desk.is_signed_in_as(deputy)
    desk.open(f"/console/incidents/{incident.pk}/")
    enters(desk, "Close the incident")
    desk.arrives(f"Close incident {incident.number}?")
    enters(desk, "Leave it open")
    desk.arrives(f"{incident.number} · Burglary")
    assert Incident.objects.get().state == IncidentState.OPEN
    enters(desk, "Close the incident")
    desk.arrives(f"Close incident {incident.number}?")
    enters(desk, "Close the incident")
    desk.arrives(f"{incident.number} · Burglary")
    desk.reads("Closed. For ten minutes you can take that back; then owners who could still answer are told.")
    assert Incident.objects.get().state == IncidentState.CLOSED
    enters(desk, "Take the closing back")
    desk.arrives(f"{incident.number} · Burglary")
    desk.reads("Taken back. The incident is open again, and no owner was told anything.")
    assert Incident.objects.get().state == IncidentState.OPEN


def test_one_key_keeps_an_idle_deputy_signed_in(open_window: OpenWindow, deputy: User) -> None:
    desk = open_window("deputy")
    desk.is_signed_in_as(deputy)
    desk.page.clock.install()
    desk.open("/console/")
    desk.arrives("What waits for you")
    dialog = desk.page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_hidden()
    desk.page.clock.fast_forward(MINUTES_TO_THE_WARNING)
    expect(dialog).to_be_visible()
    desk.looks()
    desk.page.keyboard.press("Space")
    expect(dialog).to_be_hidden()
    assert (204, "/console/extend/") in desk.statuses
    desk.page.clock.fast_forward("05:00")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("page_is_first", [False, True], ids=["the lock comes first", "the page asks first"])
def test_an_idle_screen_locks(page_is_first: bool, open_window: OpenWindow, deputy: User) -> None:
    """The way back is the same, whether the lock or the refreshing page finds first that the sign-in is over."""
    desk = open_window("deputy")
    session = desk.is_signed_in_as(deputy)
    desk.page.clock.install()
    desk.page.route(f"**{WORK}*", lambda route: route.fulfill(status=304))  # only the test says who asks first
    desk.open("/console/")
    session[sessions.USED_AT] -= timedelta(minutes=31).total_seconds()
    session.save()
    if page_is_first:
        asked = desk.page.request.get(desk.url + WORK, headers={sessions.BACKGROUND_HEADER: "1"}, max_redirects=0)
        assert asked.status == 302
    desk.page.clock.fast_forward("31:00")
    desk.arrives("This is a restricted system")
    desk.reads("You were signed out because nothing happened for 30 minutes.")
    desk.press("I have read this and agree")
    desk.arrives("Sign in")
