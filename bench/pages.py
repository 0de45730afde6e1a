"""What pages cost: queries, bytes and server time; and what a browser loads for the home page."""

import gzip
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.county import register_owners, spread
from bench.portal import fresh
from bench.timing import milliseconds, table
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.geo import Point
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.request_links import token_for
from registry.canvasses.services import canvasses
from tests.database.clone import Clone
from tests.factories import draft_of, incident_at, person, request_at
from tests.look.test_home_weight import files_of
from tests.people import sign_in

PUBLIC = ("home", "how_it_works", "faq", "shop", "transparency", "register")
MOST_QUERIES_PUBLIC = 5
MOST_QUERIES_CANVASS = 13
MOST_BYTES_HOME = 150_000
CAMERAS = (3, 30, 300, 3_000)
QUARTERS = (33.50, 33.52, 33.54, 33.56)
"""Latitudes in Birmingham, two kilometers apart: one quarter for each number of cameras."""

LONGITUDE = -86.81
ROUNDS, SLOW_ROUNDS = 40, 10
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


@dataclass(frozen=True)
class Cost:
    """What one page takes: queries without those that only frame transactions, bytes, milliseconds (median)."""

    page: str
    queries: int
    size: int
    median: float


def main(server: Postgres) -> bool:
    """Return whether all pages reach their bars."""
    with fresh(server) as portal:
        cache.clear()
        public = [cost(name, Client(), reverse(name)) for name in PUBLIC]
        public.append(cost("reply", Client(), reverse("reply", args=[token_for(request_at("sent"))])))
        canvass = canvass_pages(portal)
        parts = weights(Client())
    headings = ["page", "queries", "bytes of HTML", "median ms"]
    table("Public pages", headings, rows(public))
    table("The page of a canvass", headings, rows(canvass))
    table("What the home page loads", ["part", "files", "bytes", "bytes with gzip"], parts)
    whole = sum(size for _, _, size, _ in parts[:-1])
    within_bars = [page.queries <= MOST_QUERIES_PUBLIC for page in public]
    within_bars += [page.queries <= MOST_QUERIES_CANVASS for page in canvass]
    return all(within_bars) and whole <= MOST_BYTES_HOME


def rows(costs: Iterable[Cost]) -> list[tuple[str, int, int, float]]:
    """Return costs as rows of a table."""
    return [(each.page, each.queries, each.size, each.median) for each in costs]


def cost(page: str, browser: Client, address: str, *, rounds: int = ROUNDS) -> Cost:
    """Measure a page once it has been seen a few times."""
    for _ in range(3):
        browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(address)
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    queries = [row for row in captured.captured_queries if not row["sql"].startswith(NOT_COUNTED)]
    times = [milliseconds(lambda: browser.get(address)) for _ in range(rounds)]
    return Cost(page, len(queries), len(answer.content), statistics.median(times))


def canvass_pages(portal: Clone) -> list[Cost]:
    """Measure the page of a draft and of a sent canvass in quarters of different density."""
    deputy = person(Role.DEPUTY)
    browser = sign_in(deputy)
    costs = []
    for cameras, latitude in zip(CAMERAS, QUARTERS, strict=True):
        quarter = Point(latitude, LONGITUDE)
        register_owners(portal, spread(quarter, cameras))
        canvass = draft_of(incident_at(quarter, by=deputy))
        costs.append(canvass_page(f"draft, {cameras:,} cameras", browser, canvass))
        canvasses.send(canvass=canvass, by=deputy)
        costs.append(canvass_page(f"sent, {cameras:,} cameras", browser, canvass))
    return costs


def canvass_page(page: str, browser: Client, canvass: Canvass) -> Cost:
    """Measure one page of a canvass; each look writes an entry for each camera."""
    return cost(page, browser, reverse("canvass", args=[canvass.pk]), rounds=SLOW_ROUNDS)


def weights(browser: Client) -> list[tuple[str, int, int, int]]:
    """Return what a browser loads for the home page, by kind of file, and the sum."""
    html = browser.get(reverse("home")).content
    theme = browser.get(reverse("theme_css")).content
    kinds: dict[str, list[bytes]] = {"HTML": [html], "the agency's colors": [theme]}
    for file in sorted(files_of(html.decode())):
        kinds.setdefault(kind_of(file), []).append(file.read_bytes())
    parts = [
        (kind, len(files), sum(map(len, files)), sum(len(compressed(file, kind)) for file in files))
        for kind, files in kinds.items()
    ]
    files, sizes, lines = (sum(column) for column in zip(*(part[1:] for part in parts), strict=True))
    return [*parts, ("all", files, sizes, lines)]


def kind_of(file: Path) -> str:
    """Return what a file is to a reader of the table."""
    return {".css": "CSS", ".js": "JavaScript", ".woff2": "fonts"}.get(file.suffix, "pictures")


def compressed(content: bytes, kind: str) -> bytes:
    """Return what goes over the line; fonts are compressed already."""
    return content if kind == "fonts" else gzip.compress(content)
