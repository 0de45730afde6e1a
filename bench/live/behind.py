"""How far behind a live picture is, how soon it comes, and how soon it goes: by the relay and by HLS, in one run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone
from playwright.sync_api import Page

from bench.page import Found, Limit, Section, Table
from bench.portal import fresh, relaying, serving
from fusus_portal.demo.servers.postgres import Postgres
from integration.live.models import ViewGrant
from integration.live.services import views
from integration.sharing.services import sharing_rules
from registry.incidents.services import incidents
from tests.browser.chromium import running_chromium
from tests.browser.live.test_live import age_of_the_picture
from tests.browser.sizes import DESKTOP
from tests.browser.window import Window
from tests.integration.live.streaming import REASON, Scene, scene
from tests.integration.reference.core_process import running_core
from tests.integration.sharing.consent import owner_of
from tests.peers.relay import free_port

ROUNDS, BY_HLS = 20, 7
SETTLES, READINGS, DAY = 1.5, 10, 24 * 60 * 60
"""Seconds until a player has found its place; readings of the time on the screen after that."""

BEHIND, CLICK, DARK, WORST = (
    "behind, of HLS",
    "from the click to the picture, of HLS",
    "dark after, 95th percentile, ms",
    "dark after, worst, ms",
)
DARK_AT = """video => {
  window.darkAt = 0;
  new MutationObserver(() => { if (video.hidden && !window.darkAt) window.darkAt = Date.now(); })
    .observe(video, { attributes: true, attributeFilter: ["hidden"] });
}"""
SECTION = Section(
    "How late a live picture is",
    f"""The demo's CORE with its drawn street, gunicorn, a relay, and the page in a headless Chromium, which reads the
    time out of the picture (to a tenth of a second, rounded up). {ROUNDS} clicks by the relay and {BY_HLS} by HLS, in
    turn, from the click on "View live" to the moving picture; HLS is served by web processes that name no relay. Then
    each view by the relay is taken away, in turn by the owner's pause, by taking the deputy off the incident, and by a
    supervisor: from the commit to the picture's going from the screen. Times by the clock.""",
    {
        BEHIND: Limit("The picture should be a fifth as late as it was.", most=0.2),
        CLICK: Limit("It should come in a third of the time.", most=0.3),
        DARK: Limit("What takes a view away should be seen to do so at once.", most=300),
        WORST: Limit("The promise is two seconds.", most=2000),
    },
)


def main(server: Postgres) -> Found:
    """Watch by both ways in turn, and take each view by the relay away."""
    relay, hls = Watched(), Watched()
    address = f"http://localhost:{free_port()}"
    with fresh(server) as portal, TemporaryDirectory() as name, running_chromium() as browser:
        seen = scene()
        acts = cycle((pausing, unassigning, stopping))
        with (
            serving(portal, LIVE_RELAYS=address) as web,
            serving(portal) as late,
            relaying(portal, address=address, site=web.url),
            running_core(seen.device, web.url, Path(name), {"c0": "testsrc"}),
        ):
            time.sleep(5)  # the CORE opens its cameras and its line
            window = Window(browser, web.url, who="deputy", size=DESKTOP, language="en", script=True)
            window.is_signed_in_as(seen.deputy)
            for number in range(ROUNDS):
                watch(window.page, web.url, seen, relay, by_relay=True)
                relay.dark.append(taken_away(window.page, seen, next(acts)))
                if number % (ROUNDS // BY_HLS + 1) == 0:
                    watch(window.page, late.url, seen, hls, by_relay=False)
                    end(window.page)
            window.close()
    return Found(
        [
            Table(
                ["way", "clicks", "first picture, median ms", "95 %", "behind, median ms", "95 %"],
                [("relay", *relay.figures), ("HLS", *hls.figures)],
            ),
            f"""Dark after {statistics.median(relay.dark):.0f} ms (median), {at_95(relay.dark):.0f} (95 %), {
                max(relay.dark):.0f} (worst), from the commit of what took the view away.""",
        ],
        {
            BEHIND: statistics.median(relay.behind) / statistics.median(hls.behind),
            CLICK: statistics.median(relay.clicks) / statistics.median(hls.clicks),
            DARK: at_95(relay.dark),
            WORST: max(relay.dark),
        },
    )


@dataclass
class Watched:
    """Milliseconds: from clicks to pictures, behind, and until dark."""

    clicks: list[float] = field(default_factory=list)
    behind: list[float] = field(default_factory=list)
    dark: list[float] = field(default_factory=list)

    @property
    def figures(self) -> tuple[float, ...]:
        """Return what a line of the table says."""
        clicks, behind = self.clicks, self.behind
        return len(clicks), statistics.median(clicks), at_95(clicks), statistics.median(behind), at_95(behind)


def at_95(found: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(found, n=20, method="inclusive")[18]


def watch(page: Page, url: str, seen: Scene, found: Watched, *, by_relay: bool) -> None:
    """Begin a view, and read how old its picture is."""
    page.goto(f"{url}/console/incidents/{seen.incident.pk}/live/")
    page.locator("[name=reason]").first.fill(REASON)
    began = time.perf_counter()
    page.get_by_role("button", name="View live").first.click()
    page.locator("video:visible").wait_for(timeout=30_000)
    found.clicks.append((time.perf_counter() - began) * 1000)
    assert bool(page.locator("[data-way]").text_content().strip()) is not by_relay  # type: ignore[union-attr]
    time.sleep(SETTLES)
    for _reading in range(READINGS):
        age = age_of_the_picture(page)
        found.behind.append((age if age < DAY / 2 else age - DAY) * 1000)
        time.sleep(0.13)


def taken_away(page: Page, seen: Scene, act: "Callable[[Scene], Callable[[], object]]") -> float:
    """Take the view away; return the milliseconds until the picture has gone. Then it may be begun again."""
    page.locator("video").evaluate(DARK_AT)
    again = act(seen)
    done = timezone.now().timestamp() * 1000
    page.locator("video").wait_for(state="hidden")
    dark = float(page.evaluate("window.darkAt")) - done
    again()
    return dark


def pausing(seen: Scene) -> Callable[[], object]:
    owner = owner_of(seen.camera)
    sharing_rules.pause(registrant=owner, by=seen.owner)
    return lambda: sharing_rules.resume(registrant=owner, by=seen.owner)


def unassigning(seen: Scene) -> Callable[[], object]:
    incidents.unassign(incident=seen.incident, user=seen.deputy, by=seen.supervisor)
    return lambda: incidents.assign(incident=seen.incident, user=seen.deputy, by=seen.supervisor)


def stopping(seen: Scene) -> Callable[[], object]:
    running = ViewGrant.objects.get(state="running")
    views.stop(grant=running, by=seen.supervisor, reason="The team at the door sees enough of this from where it is.")
    return lambda: None


def end(page: Page) -> None:
    """End the view, and wait until the CORE has heard of it."""
    page.locator("[data-end] button").click()
    page.locator("[data-live-none]").wait_for(state="visible")
    time.sleep(1)
