"""From the click to the first picture, beside ffmpeg alone."""

import statistics
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from bench.page import Found, Limit, Section, Table
from bench.portal import fresh, serving
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.video.program import ffmpeg
from integration.reference.video import read_from
from tests.browser.chromium import running_chromium
from tests.browser.sizes import DESKTOP
from tests.browser.window import Window
from tests.integration.live.streaming import REASON, Scene, scene
from tests.integration.reference.core_process import running_core

ROUNDS = 10
AFTER_THE_DECLARATION = 16.0
CLICK, FFMPEG = "from the click to the picture", "two seconds of the picture by ffmpeg"
SECTION = Section(
    "The first picture of a live view",
    f"""A real CORE with its ffmpeg, gunicorn, and the page in a headless Chromium, which `make bench` installs.
    Declared {AFTER_THE_DECLARATION:.0f} seconds before, then {ROUNDS} clicks on "View live", from the click to the
    moving picture; after each the same ffmpeg sends two seconds of the same picture to a file. Key frames come each
    second. Times and their ratio are by the clock: most of them is waiting. The picture on the screen is two to
    three seconds old; `tests/browser/live/test_live.py` reads its time from it, and holds it below six.""",
    {
        f"{CLICK}, of {FFMPEG}": Limit(
            """A click waits up to a second for the CORE's next poll, a second for the first piece, and for ffmpeg and
            the player to start; half as much again breaks the limit.""",
            most=2.6,
        )
    },
)


def main(server: Postgres) -> Found:
    """Click, and let ffmpeg send two seconds of the same picture, in turn."""
    clicks, alone = measured(server)
    return Found(
        [
            Table(
                ["what", "median ms", "95th percentile ms", "worst ms"],
                [
                    (name, statistics.median(took), statistics.quantiles(took, n=20)[18], max(took))
                    for name, took in ((CLICK, clicks), (FFMPEG, alone))
                ],
            )
        ],
        {f"{CLICK}, of {FFMPEG}": statistics.median(one / other for one, other in zip(clicks, alone, strict=True))},
    )


def measured(server: Postgres) -> tuple[list[float], list[float]]:
    """Return the milliseconds of clicks, and of two seconds by ffmpeg in turn with them."""
    with fresh(server) as portal, TemporaryDirectory() as name, running_chromium() as browser:
        folder = Path(name)
        seen = scene()
        with serving(portal) as web, running_core(seen.device, web.url, folder, {"c0": "testsrc"}):
            window = Window(browser, web.url, who="deputy", size=DESKTOP, language="en", script=True)
            window.is_signed_in_as(seen.deputy)
            time.sleep(AFTER_THE_DECLARATION)
            times = [(click(window.page, web.url, seen), two_seconds(folder)) for _ in range(ROUNDS)]
            window.close()
    clicks, alone = zip(*times, strict=True)
    return list(clicks), list(alone)


def two_seconds(folder: Path) -> float:
    """Let ffmpeg send two seconds of the picture to a file, as fast as a camera gives it; return its milliseconds."""
    target = folder / "first"
    target.mkdir(exist_ok=True)
    command = [ffmpeg(), "-nostdin", "-loglevel", "fatal", "-y", *read_from("testsrc"), "-t", "2", "-f", "mpegts"]
    began = time.perf_counter()
    subprocess.run([*command, str(target / "piece.ts")], check=True)
    return (time.perf_counter() - began) * 1000


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
