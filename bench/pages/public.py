"""Public pages and the pages of a canvass, beside a bare page; and what a browser loads for the home page."""

import gzip
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.clock import FIGURES, Pair, beside
from bench.county.owners import register_owners, spread
from bench.page import Found, Limit, Section, Table
from bench.peers.bare import pages as bare
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.geo.points import Point
from registry.canvasses.links import token_for
from registry.canvasses.models import Canvass
from registry.canvasses.services import canvasses
from tests.database.clone import Clone
from tests.factories import draft_of, incident_at, person, request_at
from tests.look.test_home_weight import files_of
from tests.people import sign_in

PUBLIC = ("home", "how_it_works", "faq", "shop", "transparency", "register")
CAMERAS = (3, 30, 300)
QUARTERS = (33.50, 33.52, 33.54)
"""Latitudes in Birmingham, two kilometers apart: one quarter for each number of cameras."""

LONGITUDE = -86.81
ROUNDS, SLOW_ROUNDS = 40, 8
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")
QUERIES_WHY = """The queries are those of today, whatever a canvass finds: one more is a change that somebody should
have wanted."""
TIMES_WHY = "One tree measured 14.1 and 19.9 on two machines of one kind; a third more than these breaks the limits."
SECTION = Section(
    "Pages",
    """The public pages, the reply page, and the page of a canvass, of which each look writes one entry for each camera
    shown; by Django's test client: server time without the network. Queries that only frame a transaction (BEGIN,
    COMMIT, SAVEPOINT) are not counted. A bare page was asked in turn with each. And what a browser loads for the home
    page, without signing in; nothing comes from another host.""",
    {
        "queries of a public page": Limit(QUERIES_WHY, most=5),
        "queries of the reply page": Limit(QUERIES_WHY, most=7),
        "queries of a draft": Limit(QUERIES_WHY, most=18),
        "queries of a sent canvass": Limit(QUERIES_WHY, most=17),
        "bytes of the home page, in all": Limit(
            "150,000 bytes take a second at 1.2 Mbit/s, which a phone has almost anywhere.", most=150_000
        ),
        "the public pages and the reply together, of a bare page": Limit(TIMES_WHY, most=26),
        "a draft of 300 cameras, of a bare page": Limit(TIMES_WHY, most=27),
    },
)


@dataclass(frozen=True)
class Cost:
    """Cost of one page: queries without those that only frame transactions, bytes, and time beside a bare page."""

    page: str
    queries: int
    size: int
    pair: Pair

    @property
    def row(self) -> tuple[object, ...]:
        """Cells of the page's row in a table."""
        return self.page, self.queries, self.size, *self.pair.figures


def main(server: Postgres) -> Found:
    """Measure the public pages, the page of a canvass by how many cameras it finds, and what the home page loads."""
    with fresh(server) as portal:
        cache.clear()
        public = [cost(name, Client(), reverse(name)) for name in PUBLIC]
        reply = cost("reply", Client(), reverse("reply", args=[token_for(request_at("sent"))]))
        drafts, sent = canvass_pages(portal)
        files = home_files(Client())
    by_size = [one for pair in zip(drafts, sent, strict=True) for one in pair]
    return Found(
        [
            Table(
                ["page", "queries", "bytes of HTML", *FIGURES, "of a bare page"],
                [one.row for one in (*public, reply, *by_size)],
            ),
            f"""For the home page a browser loads {len(files)} files with {sum(map(len, files)):,} bytes, {
                sum(len(gzip.compress(file)) for file in files):,} with gzip.""",
        ],
        {
            "queries of a public page": max(one.queries for one in public),
            "queries of the reply page": reply.queries,
            "queries of a draft": max(one.queries for one in drafts),
            "queries of a sent canvass": max(one.queries for one in sent),
            "bytes of the home page, in all": sum(map(len, files)),
            "the public pages and the reply together, of a bare page": sum(one.pair.ratio for one in (*public, reply)),
            "a draft of 300 cameras, of a bare page": drafts[2].pair.ratio,
        },
    )


def cost(page: str, browser: Client, address: str, *, rounds: int = ROUNDS) -> Cost:
    """Measure a page in turn with a bare one, once it has been seen a few times."""
    pair = beside(lambda: browser.get(address), bare.page, warm_up=3, rounds=rounds)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(address)
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    queries = [row for row in captured.captured_queries if not row["sql"].startswith(NOT_COUNTED)]
    return Cost(page, len(queries), len(answer.content), pair)


def canvass_pages(portal: Clone) -> tuple[list[Cost], list[Cost]]:
    """Measure the page of a draft and of a sent canvass in quarters of different density."""
    deputy = person(Role.DEPUTY)
    browser = sign_in(deputy)
    drafts, sent = [], []
    for cameras, latitude in zip(CAMERAS, QUARTERS, strict=True):
        quarter = Point(latitude, LONGITUDE)
        register_owners(portal, spread(quarter, cameras))
        canvass = draft_of(incident_at(quarter, by=deputy))
        drafts.append(canvass_page(f"draft, {cameras:,} cameras", browser, canvass))
        canvasses.send(canvass=canvass, by=deputy)
        sent.append(canvass_page(f"sent, {cameras:,} cameras", browser, canvass))
    return drafts, sent


def canvass_page(page: str, browser: Client, canvass: Canvass) -> Cost:
    """Measure one page of a canvass; each look writes an entry for each camera."""
    return cost(page, browser, reverse("canvass", args=[canvass.pk]), rounds=SLOW_ROUNDS)


def home_files(browser: Client) -> list[bytes]:
    """Return what a browser loads for the home page without signing in."""
    page, colors = (browser.get(reverse(name)).content for name in ("home", "theme_css"))
    return [page, colors, *(file.read_bytes() for file in files_of(page.decode()))]
