"""From the click to the first picture: a real CORE, gunicorn, and the player in a headless Chromium."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from bench.portal import fresh, serving
from bench.timing import Timing, table
from fusus_portal.demo.servers.postgres import Postgres
from tests.browser.chromium import running_chromium
from tests.browser.sizes import DESKTOP
from tests.browser.window import Window
from tests.integration.live.streaming import REASON, Scene, scene
from tests.integration.reference.core_process import running_core

ROUNDS = 40
AFTER_THE_DECLARATION = 16.0
MOST_MS = 5_000.0


def main(server: Postgres) -> bool:
    """Return whether 95 of 100 clicks show a picture within five seconds."""
    with fresh(server) as portal, TemporaryDirectory() as name, running_chromium() as browser:
        folder = Path(name)
        seen = scene()
        with serving(portal, folder) as web, running_core(seen.device, web.url, folder, {"c0": "testsrc"}):
            window = Window(browser, web.url, who="deputy", size=DESKTOP, language="en", script=True)
            window.is_signed_in_as(seen.deputy)
            time.sleep(AFTER_THE_DECLARATION)
            timing = Timing([click(window.page, web.url, seen) for _ in range(ROUNDS)], [])
            window.close()
    rows = [(ROUNDS, timing.median, timing.late, max(timing.milliseconds))]
    table("From the click to the first picture, key frames each second", ["clicks", "median ms", "95 %", "worst"], rows)
    return timing.late < MOST_MS


def click(page: Page, url: str, seen: Scene) -> float:
    """Begin a view, wait for its picture, end it; return how many milliseconds the picture took."""
    page.goto(f"{url}/console/incidents/{seen.incident.pk}/live/")
    page.locator("[name=reason]").first.fill(REASON)
    began = time.perf_counter()
    page.get_by_role("button", name="View live").first.click()
    page.locator("video:visible").wait_for(timeout=30_000)  # it is shown when it plays, and not before
    taken = (time.perf_counter() - began) * 1000
    page.locator("[data-end] button").click()
    page.locator("[data-live-none]").wait_for(state="visible")
    # The CORE hears of the end at its next poll; another view begins with a program of its own.
    time.sleep(1.5)
    return taken
