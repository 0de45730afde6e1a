"""Live view as a deputy has it: real video of a real CORE, in the page's own player, until it is taken away."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from audit.log.events import Event
from audit.log.models import AuditEntry
from integration.live.models import ViewGrant
from integration.live.services import views
from integration.reference import pattern
from integration.rules import VIEWER_GONE_AFTER
from integration.sharing import services as sharing
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, PHONE
from tests.browser.window import Window
from tests.integration.live.streaming import REASON, Scene, scene
from tests.integration.reference.core_process import running_core, sending
from tests.integration.sharing.consent import owner_of
from tests.peers.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.long]

OLDEST_SECONDS = 6.0
PATIENCE_MS = 40_000
"""Without a relay a CORE hears of an order at its next poll, after 15 seconds at most."""

DAY = 24 * 60 * 60
READ = """([left, top, size, bits]) => {
  const video = document.querySelector("video");
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  drawing.drawImage(video, 0, 0);
  const at = (place) => drawing.getImageData(left + (place + 0.5) * size, top + size / 2, 1, 1).data[0] > 127;
  return Array.from({ length: bits }, (_, place) => at(place));
}"""


@pytest.fixture
def seen(web: Portal) -> Scene:
    """Return cameras that may be seen."""
    return scene(cameras=2)


@pytest.fixture(autouse=True)
def core(web: Portal, seen: Scene, tmp_path: Path) -> Iterator[psutil.Process]:
    """Run their CORE."""
    with running_core(seen.device, web.url, tmp_path, {"c0": "testsrc", "c1": "testsrc"}) as process:
        yield psutil.Process(process.pid)


def age_of_the_picture(page: Page) -> float:
    """Return how many seconds ago the picture on the screen was made, as it says itself."""
    left, top = pattern.SQUARES_AT
    squares = page.evaluate(READ, [left, top, pattern.SQUARE, pattern.BITS])
    now = datetime.now().astimezone()
    seconds = now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1e6
    return (seconds - int("".join("1" if each else "0" for each in squares), 2) / 10) % DAY


def begins(window: Window, seen: Scene, *, number: int = 1) -> None:
    """Begin to see a camera from the page of the incident."""
    if "/live/" not in window.page.url:
        window.open(f"/console/incidents/{seen.incident.pk}/live/")
    window.arrives("See cameras live")
    window.page.get_by_label("Why you need to see it now").first.fill(REASON)
    window.page.get_by_role("button", name="View live").first.click()
    window.arrives("Live view")
    expect(window.page.locator("video:visible")).to_have_count(number, timeout=PATIENCE_MS)


def test_a_deputy_sees_what_happens_now_until_its_owner_pauses(open_window: OpenWindow, seen: Scene) -> None:
    window = open_window("deputy")
    window.may_answer = {403, 404}
    window.is_signed_in_as(seen.deputy)
    begins(window, seen)
    ages = []
    for _ in range(5):
        time.sleep(0.7)
        ages.append(age_of_the_picture(window.page))
    assert all(0 <= age < OLDEST_SECONDS for age in ages), ages
    window.reads(seen.deputy.pseudonym)
    window.looks()
    first = window.page
    with window.context.expect_page() as opened:
        window.page.get_by_role("link", name="Choose another camera").click()
    window.page = opened.value
    begins(window, seen, number=2)
    # The window that was opened last has both; what the first one shows no more it doesn't end either.
    expect(first.locator("main")).to_contain_text("shown in another window")
    first.close()
    assert ViewGrant.objects.filter(state="running").count() == 2
    sharing.pause_sharing(registrant=owner_of(seen.camera), by=seen.owner)
    window.reads("Sharing is paused until the owner resumes.")
    expect(window.page.locator("video:visible")).to_have_count(0)
    window.looks()


def test_closing_the_page_ends_its_views_within_half_a_minute(
    open_window: OpenWindow, seen: Scene, core: psutil.Process
) -> None:
    window = open_window("deputy", size=PHONE)
    window.may_answer = {404}
    window.is_signed_in_as(seen.deputy)
    begins(window, seen)
    assert sending(core)
    window.looks()
    window.page.close()
    assert swept_until_it_ends() < 30
    assert ViewGrant.objects.get().end == "left"
    until(lambda: not sending(core))


def test_a_page_that_is_loaded_again_goes_on_with_its_view(open_window: OpenWindow, seen: Scene) -> None:
    window = open_window("deputy", size=DESKTOP)
    window.may_answer = {404}
    window.is_signed_in_as(seen.deputy)
    begins(window, seen)
    before = ViewGrant.objects.get()
    window.page.reload()
    expect(window.page.locator("video:visible")).to_have_count(1, timeout=PATIENCE_MS)
    # Longer than a page that is gone has: it is the new page that keeps the view.
    again = time.monotonic() + VIEWER_GONE_AFTER.total_seconds() + 2
    while time.monotonic() < again:
        assert views.sweep() == 0
        time.sleep(1)
    assert 0 <= age_of_the_picture(window.page) < OLDEST_SECONDS
    after = ViewGrant.objects.get()
    assert (after.pk, after.state, after.reason) == (before.pk, "running", REASON)
    began = AuditEntry.objects.filter(event__in=[Event.VIEW_STARTED, Event.VIEW_ENDED])
    assert [entry.event for entry in began] == [Event.VIEW_STARTED]
    window.press("End all my views of this incident")
    window.reads("You are viewing no camera of this incident now.")
    assert ViewGrant.objects.get().end == "stopped"


def test_a_window_that_vanishes_ends_them_within_half_a_minute(open_window: OpenWindow, seen: Scene) -> None:
    window = open_window("deputy", size=DESKTOP)
    window.may_answer = {404}
    window.is_signed_in_as(seen.deputy)
    begins(window, seen)
    # No page is told to go: the line is cut.
    window.context.set_offline(True)
    assert swept_until_it_ends() < 30
    assert ViewGrant.objects.get().end == "left"
    window.page.close()
    window.problems.clear()


def swept_until_it_ends() -> float:
    """Let the task look as often as it does by itself; return after how many seconds no view runs any more."""
    gone = time.monotonic()
    while ViewGrant.objects.filter(state="running").exists():
        assert time.monotonic() - gone < 60
        time.sleep(5)  # as the schedule does
        views.sweep()
    return time.monotonic() - gone


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)
