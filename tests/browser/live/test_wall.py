"""The wall: from the start page to live pictures in counted presses, by keys, at each width, and after a pause."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from integration.live.models import ViewGrant
from integration.sharing import services as sharing
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, HANDHELD, TABLET, WIDE, Size
from tests.browser.window import Window
from tests.integration.live.streaming import REASON, Scene, scene
from tests.integration.reference.core_process import running_core
from tests.integration.sharing.consent import owner_of, set_mode
from tests.peers.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.long]

LONGER = "Officers enter by the east door at the gym; they need to know whether he moves."
PATIENCE_MS = 30_000


class Presses:
    """A window whose presses are counted."""

    def __init__(self, window: Window) -> None:
        self.window, self.count = window, 0

    def on(self, what: Locator) -> None:
        """Press an element."""
        self.count += 1
        what.click()


@pytest.fixture
def seen(web: Portal, tmp_path: Path) -> Iterator[Scene]:
    """Return four cameras that may be seen, behind a CORE that runs."""
    made = scene(cameras=4)
    with running_core(made.device, web.url, tmp_path, {f"c{number}": "testsrc" for number in range(4)}):
        yield made


def at_the_start(open_window: OpenWindow, seen: Scene, size: Size = DESKTOP) -> Window:
    """Return the deputy's window at the start page."""
    window = open_window("deputy", size=size)
    window.may_answer = {404, 409}
    window.is_signed_in_as(seen.deputy)
    window.open("/console/")
    window.reads("Critical until")
    return window


def shows(window: Window, number: int) -> None:
    """Wait for so many live pictures."""
    window.arrives("Live view")
    expect(window.page.locator("video:visible")).to_have_count(number, timeout=PATIENCE_MS)


def tile_of(window: Window, number: int) -> Locator:
    """Return a tile, as the wall counts them."""
    return window.page.locator("[data-live-tile]").nth(number - 1)


def test_one_camera_takes_two_presses_and_a_reason(open_window: OpenWindow, seen: Scene) -> None:
    window = at_the_start(open_window, seen)
    presses = Presses(window)
    presses.on(window.page.get_by_role("link", name="See cameras live"))
    window.fill("Why you need to see it now", REASON)
    presses.on(window.page.get_by_role("button", name="View live").first)
    shows(window, 1)
    assert presses.count == 2


@pytest.mark.parametrize("size", [HANDHELD, TABLET, DESKTOP, WIDE], ids=lambda size: size.name)
def test_four_cameras_take_three_presses_and_one_reason(open_window: OpenWindow, seen: Scene, size: Size) -> None:
    window = at_the_start(open_window, seen, size)
    presses = Presses(window)
    presses.on(window.page.get_by_role("link", name="See cameras live"))
    window.arrives("See cameras live")
    window.fill("Why you need to see it now", REASON)
    presses.on(window.button("Tick the nearest 4"))
    window.looks()
    presses.on(window.button("View 4"))
    shows(window, 4)
    assert presses.count == 3
    assert [view.reason for view in ViewGrant.objects.all()] == [REASON] * 4
    width = window.page.evaluate("document.documentElement.clientWidth")
    if width >= TABLET.width:
        # Every picture is on the screen, and nothing is scrolled to see one.
        assert window.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    weights = window.page.evaluate(
        "[...document.querySelectorAll('[data-end] button')].map((each) => getComputedStyle(each).backgroundColor)"
    )
    assert set(weights) == {"rgba(0, 0, 0, 0)"}


def test_dots_of_the_map_tick_and_too_many_are_said_before_the_press(open_window: OpenWindow, seen: Scene) -> None:
    window = at_the_start(open_window, seen)
    window.page.get_by_role("link", name="See cameras live").click()
    window.arrives("See cameras live")
    begin = window.page.locator("[data-begin]")
    expect(begin).to_be_disabled()
    window.reads("Tick cameras in the list or on the map.")
    window.page.locator(".map-pin--camera").last.click()
    expect(window.page.locator("[data-tick]:checked")).to_have_count(1)
    expect(begin).to_have_text("View 1")
    expect(window.page.locator(".map-pin--camera.is-lit")).to_have_count(1)
    window.page.locator("[data-choose]").evaluate("form => { form.dataset.room = '2'; }")
    window.press("Tick the nearest 4")
    window.reads("at once. Untick 2.")
    expect(begin).to_be_disabled()
    window.press("Untick all")
    expect(begin).to_be_disabled()


def test_keys_enlarge_and_open_the_next_reason(open_window: OpenWindow, seen: Scene) -> None:
    window = at_the_start(open_window, seen)
    for camera in seen.cameras[:2]:
        seen.begin(camera, session=str(window.context.cookies()[0]["value"]))
    keyboard = window.page.keyboard
    window.open(f"/console/incidents/{seen.incident.pk}/live/watch/")
    shows(window, 2)
    keyboard.press("2")
    expect(tile_of(window, 2)).to_have_class("live-tile live-tile--large")
    expect(tile_of(window, 2).get_by_role("button", name="Enlarge")).to_have_attribute("aria-pressed", "true")
    window.looks()
    keyboard.press("m")
    field = tile_of(window, 2).get_by_label("Why do you need to see it longer?")
    expect(field).to_be_focused()
    # What is typed is a reason, and presses nothing.
    keyboard.type("1")
    expect(tile_of(window, 2)).to_have_class("live-tile live-tile--large")
    field.fill(LONGER)
    window.looks()
    keyboard.press("Enter")
    expect(field).to_be_hidden()
    keyboard.press("m")
    expect(field).to_be_focused()
    field.evaluate("field => field.blur()")
    keyboard.press("2")
    expect(window.page.locator(".live-tile--large")).to_have_count(0)
    assert sorted(view.extensions for view in ViewGrant.objects.all()) == [0, 1]
    # Without keys: each tile in turn has its enlarging, its time, and last its end.
    tile_of(window, 1).get_by_role("button", name="Enlarge").focus()
    reached = []
    for _ in range(2):
        keyboard.press("Tab")
        reached.append(window.page.evaluate("document.activeElement.textContent.trim().split(/\\s*\\n|:/)[0]"))
    assert reached == ["More time", "End"]
    keyboard.press("Enter")
    expect(window.page.locator("[data-live-tile]")).to_have_count(1)
    expect(tile_of(window, 1).locator("h2")).to_be_focused()


def test_a_refused_one_says_so_and_after_a_pause_one_press_begins_again(open_window: OpenWindow, seen: Scene) -> None:
    window = at_the_start(open_window, seen)
    window.page.get_by_role("link", name="See cameras live").click()
    window.fill("Why you need to see it now", REASON)
    window.press("Tick the nearest 4")
    set_mode(seen.cameras[3], "never")
    window.press("View 4")
    shows(window, 3)
    window.reads("The owner never shares this camera.")
    window.may_answer = {403, 404, 409}
    sharing.pause_sharing(registrant=owner_of(seen.camera), by=seen.owner)
    window.reads("Sharing is paused until the owner resumes.")
    expect(window.page.locator("video:visible")).to_have_count(0)
    again = window.page.get_by_role("button", name="Begin again").first
    again.click()
    expect(window.page.locator("[data-error]:visible")).to_have_text("Sharing is paused until the owner resumes.")
    assert not ViewGrant.objects.filter(state="running").exists()
    window.looks()
    sharing.resume_sharing(registrant=owner_of(seen.camera), by=seen.owner)
    window.reads("The owner shares this camera again.")
    window.looks()
    again.click()
    shows(window, 1)
    expect(window.page.locator("[data-live-tile]")).to_have_count(3)
    assert ViewGrant.objects.get(state="running").reason == REASON


def test_the_map_of_the_incident_and_its_list_light_each_other_up(open_window: OpenWindow, seen: Scene) -> None:
    window = at_the_start(open_window, seen)
    window.open(f"/console/incidents/{seen.incident.pk}/")
    window.arrives(seen.incident.number)
    window.reads("4 connected cameras")
    circle, line = window.page.locator("path.map-area--declared"), window.page.locator("#declared")
    line.hover()
    expect(circle).to_have_class(re.compile("is-lit"))
    circle.dispatch_event("mouseover")
    expect(line).to_have_class("is-lit")
    window.page.locator(".map-label").get_by_text("0 asked by name, 0 replied").wait_for()
    expect(window.page.locator(".map-pin--camera")).to_have_count(0)
