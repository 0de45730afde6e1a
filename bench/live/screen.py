"""A deputy's screen with a live picture: the portal, its relay, a CORE that draws a street, and a real browser."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from bench.portal import fresh, relaying, serving
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.models import User
from tests.browser.chromium import running_chromium
from tests.browser.sizes import DESKTOP
from tests.browser.window import Window
from tests.database.clone import Clone
from tests.integration.cores.devices import core_model
from tests.integration.live.streaming import REASON, Scene, scene
from tests.integration.reference.core_process import running_core
from tests.peers.relay import free_port, named

PATIENCE_MS = 30_000
ALL_SHOWN = "tiles => Object.keys(window.firstPictures).length === tiles"
TICKS = """
tiles => document.querySelectorAll("[data-tick]").forEach((tick, number) => {
  tick.checked = number < tiles;
  tick.dispatchEvent(new Event("change", { bubbles: true }));
})
"""
NOTES_PICTURES = """
window.firstPictures = {};
document.addEventListener("playing", ({ target }) => {
  const view = target.closest("[data-view]")?.dataset.view;
  if (view) window.firstPictures[view] ??= Date.now();
}, true);
"""
"""Notes when the first picture of each tile moves, in Unix milliseconds."""

ONE = {"c0": "testsrc"}


@dataclass(frozen=True)
class Screen:
    """A deputy's browser with a live view. url: of the portal that names the relay."""

    portal: Clone
    url: str
    seen: Scene
    window: Window

    @property
    def page(self) -> Page:
        return self.window.page

    def is_of(self, deputy: User) -> None:
        """Sign a deputy in on this screen."""
        self.seen.deputy = deputy
        self.window.is_signed_in_as(deputy)

    def begin(self, url: str = "") -> float:
        """Begin a view; return the milliseconds from the click to the moving picture. url: of another portal to use."""
        self.page.goto(f"{url or self.url}/console/incidents/{self.seen.incident.pk}/live/")
        self.page.locator("[name=reason]").first.fill(REASON)
        began = time.perf_counter()
        self.page.get_by_role("button", name="View live").first.click()
        self.page.locator("video:visible").wait_for(timeout=PATIENCE_MS)
        return (time.perf_counter() - began) * 1000

    def begin_wall(self, tiles: int) -> list[float]:
        """Begin views of the nearest cameras at one press; return the milliseconds to the first picture of each."""
        self.page.goto(f"{self.url}/console/incidents/{self.seen.incident.pk}/live/")
        self.page.locator("[name=reason]").first.fill(REASON)
        self.page.evaluate(TICKS, tiles)
        time.sleep(1)  # a person types the reason
        began = time.time() * 1000
        self.page.locator("[data-begin]").click()
        self.page.wait_for_function(ALL_SHOWN, arg=tiles, timeout=PATIENCE_MS)
        return [shown - began for shown in self.page.evaluate("() => Object.values(window.firstPictures)")]

    def end_wall(self) -> None:
        """End all views, and wait until the CORE has heard of it."""
        self.page.locator("[data-leave] button").click()
        self.page.locator("[data-live-none]").wait_for(state="visible")
        time.sleep(1)

    @property
    def says_how(self) -> str:
        """Text by which the page says how the picture travels, "" when it comes by the relay."""
        return (self.page.locator("[data-way]").text_content() or "").strip()

    def end(self) -> None:
        """End the view, and wait until the CORE has heard of it."""
        self.page.locator("[data-end] button").click()
        self.page.locator("[data-live-none]").wait_for(state="visible")
        time.sleep(1)


@contextmanager
def screen(server: Postgres, *, sources: Mapping[str, str] = ONE) -> Iterator[Screen]:
    """Run the portal, its relay, a CORE and a browser with the deputy signed in. sources: of its cameras."""
    address = f"http://localhost:{free_port()}"
    with fresh(server) as portal, TemporaryDirectory() as name, running_chromium() as browser:
        seen = scene(cameras=len(sources), model=core_model(cameras=len(sources)))
        with (
            serving(portal, **named([address])) as web,
            relaying(portal, address=address, site=web.url),
            running_core(seen.device, web.url, Path(name), sources),
        ):
            time.sleep(5)  # the CORE opens its cameras and its line
            window = Window(browser, web.url, who="deputy", size=DESKTOP, language="en", script=True)
            shown = Screen(portal, web.url, seen, window)
            shown.page.add_init_script(NOTES_PICTURES)
            shown.is_of(seen.deputy)
            yield shown
            window.close()
