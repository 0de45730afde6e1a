"""How far behind a live picture is, and how soon it comes: by the relay and by HLS, in one run."""

import statistics
import time
from dataclasses import dataclass, field

from bench.live.screen import Screen, screen
from bench.page import Found, Limit, Section, Table
from bench.portal import serving
from fusus_portal.demo.servers.postgres import Postgres
from tests.browser.live.test_live import age_of_the_picture

ROUNDS, BY_HLS = 20, 7
SETTLES, READINGS, DAY = 1.5, 10, 24 * 60 * 60
"""Seconds until a player has found its place; readings of the time on the screen after that."""

BEHIND, CLICK = "behind, of HLS", "from the click to the picture, of HLS"
SECTION = Section(
    "How late a live picture is",
    f"""The demo's CORE with its drawn street, gunicorn, a relay, and the page in a headless Chromium, which reads the
    time out of the picture (to a tenth of a second, rounded up). {ROUNDS} clicks by the relay and {BY_HLS} by HLS, in
    turn, from the click on "View live" to the moving picture; HLS is served by web processes that name no relay. Times
    by the clock.""",
    {
        BEHIND: Limit("The picture should be a fifth as late as it was.", most=0.2),
        CLICK: Limit("It should come in a third of the time.", most=0.3),
    },
)


def main(server: Postgres) -> Found:
    """Watch by both ways in turn."""
    relay, hls = Watched(), Watched()
    with screen(server) as shown, serving(shown.portal) as late:
        for number in range(ROUNDS):
            watch(shown, shown.url, relay, by_relay=True)
            if number % (ROUNDS // BY_HLS + 1) == 0:
                watch(shown, late.url, hls, by_relay=False)
    return Found(
        [
            Table(
                ["way", "clicks", "first picture, median ms", "95 %", "behind, median ms", "95 %"],
                [("relay", *relay.figures), ("HLS", *hls.figures)],
            )
        ],
        {
            BEHIND: statistics.median(relay.behind) / statistics.median(hls.behind),
            CLICK: statistics.median(relay.clicks) / statistics.median(hls.clicks),
        },
    )


@dataclass
class Watched:
    """Milliseconds: from clicks to pictures, and behind."""

    clicks: list[float] = field(default_factory=list)
    behind: list[float] = field(default_factory=list)

    @property
    def figures(self) -> tuple[float, ...]:
        """Return what a line of the table says."""
        clicks, behind = self.clicks, self.behind
        return len(clicks), statistics.median(clicks), at_95(clicks), statistics.median(behind), at_95(behind)


def at_95(found: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(found, n=20, method="inclusive")[18]


def watch(shown: Screen, url: str, found: Watched, *, by_relay: bool) -> None:
    """Begin a view, read how old its picture is, and end it."""
    found.clicks.append(shown.begin(url))
    assert bool(shown.says_how) is not by_relay
    time.sleep(SETTLES)
    for _reading in range(READINGS):
        age = age_of_the_picture(shown.page)
        found.behind.append((age if age < DAY / 2 else age - DAY) * 1000)
        time.sleep(0.13)
    shown.end()
