"""A deputy's screen with a live picture: the portal, its relay, a CORE that draws a street, and a real browser."""

import time
from collections.abc import Iterator
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
from tests.integration.live.streaming import REASON, Scene, scene
from tests.integration.reference.core_process import running_core
from tests.peers.relay import free_port, named

PATIENCE_MS = 30_000


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
def screen(server: Postgres) -> Iterator[Screen]:
    """Run the portal, its relay, a CORE and a browser with the deputy signed in."""
    address = f"http://localhost:{free_port()}"
    with fresh(server) as portal, TemporaryDirectory() as name, running_chromium() as browser:
        seen = scene()
        with (
            serving(portal, **named([address])) as web,
            relaying(portal, address=address, site=web.url),
            running_core(seen.device, web.url, Path(name), {"c0": "testsrc"}),
        ):
            time.sleep(5)  # the CORE opens its cameras and its line
            window = Window(browser, web.url, who="deputy", size=DESKTOP, language="en", script=True)
            shown = Screen(portal, web.url, seen, window)
            shown.is_of(seen.deputy)
            yield shown
            window.close()
