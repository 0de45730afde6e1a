"""Each page of the console in a large county, beside a bare page and a small county."""

import gc
import statistics
from functools import partial
from itertools import product
from typing import Any

import psycopg
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from bench.clock import FIGURES, Pair, beside
from bench.county.owners import fill, filling, random_points, register_owners
from bench.page import Found, Limit, Section, Table
from bench.peers.bare import pages as bare
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.geo.points import Point
from registry.canvasses.links import link_actor
from registry.canvasses.models import CanvassPurpose, FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.incidents.models import IncidentType
from registry.incidents.services import incidents
from registry.places.models import Camera
from tests.access.addresses import MADE_UP, Address, addresses
from tests.access.urls import ROWS
from tests.database.clone import Clone
from tests.factories import LARGE_RADIUS_M, draft_of, incident_at, person
from tests.people import sign_in

CAMERAS = 1_000_000
INCIDENTS, OPEN = 20_000, 100
REQUESTS = 200_000
ENTRIES_PER_INCIDENT = 6
WARM_UP, ROUNDS = 1, 7
SLOWEST = 12
QUARTER = Point(33.52, -86.81)
NEAR = 0.03
"""Degrees around the quarter in which the small county is as dense as the large one: about 13,000 cameras."""

BARE_WHY = """One tree measured 3.3 and 4.9 in the mean on two machines of one kind, where the bare page is faster on
one; a third more than these, in the mean or in the slowest page, breaks the limits."""
SECTION = Section(
    "The console in a large county",
    f"""{CAMERAS:,} cameras, {INCIDENTS:,} incidents with a canvass each, {REQUESTS:,} requests, {
        INCIDENTS * ENTRIES_PER_INCIDENT:,} entries of the log; {ROUNDS} looks at each page after {WARM_UP}, by Django's
    test client, in turn with a bare page. Every address below `/console/` is measured that answers with a page, for
    every role that may open it: the benchmark reads the table of addresses. The small county is the same one before it
    grew: as dense around the incidents, with {OPEN} incidents. The counts by ZIP code are read as a worker counted them
    last. The {SLOWEST} pages that take longest:""",
    {
        "pages in the mean, of a bare page": Limit(BARE_WHY, most=6.5),
        "the slowest page, of a bare page": Limit(BARE_WHY, most=36),
        "the page that grew most, of the small county": Limit(
            """A page should not take longer because the county has more cameras and more years: a statement that reads
            a whole table takes ten times as long and more.""",
            most=2,
        ),
    },
)
PAST = """
DROP TABLE IF EXISTS past, owner, asked;
CREATE TEMPORARY TABLE past AS
SELECT gen_random_uuid() AS incident, gen_random_uuid() AS canvass, n AS number, '{deputy}'::uuid AS deputy,
       '{type}'::uuid AS type, '{purpose}'::uuid AS purpose, now() - n * interval '20 minutes' AS at
FROM generate_series({first}, {last}) AS n;
CREATE TEMPORARY TABLE owner AS SELECT id, row_number() OVER () AS place FROM registry_registrant LIMIT 5000;
CREATE TEMPORARY TABLE asked AS
SELECT gen_random_uuid() AS request, past.*, owner.id AS owner, past.number * {each} + each AS n
FROM past CROSS JOIN generate_series(1, {each}) AS each
JOIN owner ON owner.place = (past.number * 7 + each) % 5000 + 1;
"""
PLACE = {"latitude": "33.4 + number % 300 / 1000.0", "longitude": "-87.0 + number % 300 / 1000.0"}
HOURS = {"starts_at": "at - interval '2 hours'", "ends_at": "at - interval '1 hour'"}
WORK: dict[str, dict[str, str]] = {
    "registry_incident": {
        **PLACE,
        **HOURS,
        "id": "incident",
        "precision": "'pinned'",
        "number": "'2025-' || lpad(number::text, 6, '0')",
        "type_id": "type",
        "place": "'2100 block of Morris Avenue'",
        "state": f"CASE WHEN number <= {OPEN} THEN 'open' ELSE 'closed' END",
        "source": "'person'",
        "opened_by_id": "deputy",
        "opened_at": "at",
        "closed_by_id": f"CASE WHEN number > {OPEN} THEN deputy END",
        "closed_at": f"CASE WHEN number > {OPEN} THEN at END",
        "verified_by_id": "gen_random_uuid()",
        "verified_at": "at",
    },
    "registry_canvass": {
        **PLACE,
        **HOURS,
        "id": "canvass",
        "incident_id": "incident",
        "radius_m": "300",
        "square_miles": "pi() * 300 ^ 2 / 1609.344 ^ 2",
        "purpose_id": "purpose",
        "reason": "'A grey van left the alley after the break-in.'",
        "state": "'sent'",
        "created_by_id": "deputy",
        "created_at": "at",
        "sent_by_id": "deputy",
        "sent_at": "at",
    },
    "registry_footagerequest": {
        "id": "request",
        "number": "'X-' || n",
        "canvass_id": "canvass",
        "incident_id": "incident",
        "registrant_id": "owner",
        "state": "CASE WHEN n % 3 = 0 THEN 'none' ELSE 'expired' END",
        "version": "1",
        "reminders": "0",
        "sent_at": "at",
        "expires_at": "at + interval '10 days'",
        "replied_at": "CASE WHEN n % 3 = 0 THEN at + interval '1 day' END",
    },
    "registry_assignment": {
        "id": "gen_random_uuid()",
        "incident_id": "incident",
        "user_id": "deputy",
        "assigned_by_id": "deputy",
    },
}
"""Columns of the rows of years of work, by table, with their values; `fill` adds other columns that need a value."""

ENTRIES = """
INSERT INTO audit_entry (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in, subject_kind,
                         subject_id, incident_id, camera_id, offence_type, premises_type, area, facts)
SELECT 'registry:incident:view', 'done', 'user', 'x', 'deputy', 'Deputy', '', 'incident', incident::text,
       incident, NULL, 'burglary', '', '', '{}' FROM past, generate_series(1, %s)
"""


Pages = dict[str, tuple[User, str]]
"""Pages by name: the person who opens the page, and its path."""


def main(server: Postgres) -> Found:
    """Measure each page in a small county, and again once it has grown."""
    points = random_points(7, CAMERAS)
    near = [point for point in points if is_near(point)]
    with fresh(server) as portal:
        register_owners(portal, near)
        people = {role: person(role) for role in (Role.DEPUTY, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)}
        pages = opened(people, happen(people))
        small = grown(portal, pages, people[Role.DEPUTY], 1, OPEN)
        register_owners(portal, [point for point in points if not is_near(point)])
        large = grown(portal, pages, people[Role.DEPUTY], OPEN + 1, INCIDENTS)
    ratios = {page: pair.ratio for page, pair in large.items()}
    grew = {page: pair.least / small[page].least for page, pair in large.items()}
    slowest = sorted(large.items(), key=lambda one: -one[1].own.median)[:SLOWEST]
    return Found(
        [
            Table(
                ["page", *FIGURES, "of a bare page", "in the small county"],
                [(page, *pair.figures, small[page].ratio) for page, pair in slowest],
            ),
            f"There are {len(large)} pages; the small county has {len(near):,} cameras.",
        ],
        {
            "pages in the mean, of a bare page": statistics.mean(ratios.values()),
            "the slowest page, of a bare page": most(ratios),
            "the page that grew most, of the small county": most(grew),
        },
    )


def most(ratios: dict[str, float]) -> tuple[float, str]:
    """Return the largest ratio, and its page."""
    return max((ratio, page) for page, ratio in ratios.items())


def is_near(point: Point) -> bool:
    """Return whether a point is in the small county."""
    return max(abs(point.latitude - QUARTER.latitude), abs(point.longitude - QUARTER.longitude)) < NEAR


def happen(people: dict[Role, User]) -> list[Any]:
    """Let one incident happen in full, and return the id of each thing that a page could be about."""
    deputy, supervisor = people[Role.DEPUTY], people[Role.SUPERVISOR]
    incident = incident_at(QUARTER, by=deputy)
    incidents.assign(incident=incident, user=supervisor, by=supervisor)
    sent = canvasses.send(canvass=draft_of(incident), by=deputy)
    for request in FootageRequest.objects.filter(canvass=sent).order_by("pk")[:20]:
        requests.answer_none(request=request, by=link_actor(request))
    second = incident_at(Point(QUARTER.latitude + 0.01, QUARTER.longitude), by=deputy)
    incidents.assign(incident=second, user=supervisor, by=supervisor)
    draft, large = draft_of(second), draft_of(second, radius_m=LARGE_RADIUS_M)
    camera = Camera.objects.filter(requests__request__canvass=sent).order_by("pk").first()
    rows = [incident, sent, draft, large, second, camera, supervisor, people[Role.ADMINISTRATOR]]
    purpose, kind = CanvassPurpose.objects.first(), IncidentType.objects.first()
    return [row.pk for row in (*rows, purpose, kind) if row is not None]


def grown(portal: Clone, pages: Pages, deputy: User, first: int, last: int) -> dict[str, Pair]:
    """Write the incidents from one number to another; measure all pages."""
    with portal.connect() as superuser:
        fill_the_past(superuser, deputy, first, last)
    cache.clear()
    # A worker holds no million points, so it does not look through them for garbage.
    gc.collect()
    gc.freeze()
    return {
        name: beside(partial(sign_in(account).get, path), bare.page, warm_up=WARM_UP, rounds=ROUNDS)
        for name, (account, path) in pages.items()
    }


def fill_the_past(superuser: psycopg.Connection, deputy: User, first: int, last: int) -> None:
    """Write years of work past the services."""
    burglary, purpose = IncidentType.objects.get(code="burglary"), CanvassPurpose.objects.order_by("name")[0]
    values = {"deputy": deputy.pk, "type": burglary.pk, "purpose": purpose.pk, "each": REQUESTS // INCIDENTS}
    superuser.execute(PAST.format(first=first, last=last, **values))
    with filling(superuser, *WORK):
        for name, columns in WORK.items():
            fill(superuser, name, columns, source="asked" if name == "registry_footagerequest" else "past")
    superuser.execute(ENTRIES, [ENTRIES_PER_INCIDENT])
    superuser.execute("VACUUM ANALYZE audit_entry")


def opened(people: dict[Role, User], objects: list[Any]) -> Pages:
    """Return each page of the console, for everyone who may open it."""
    return {
        f"{address.name}, {role.value}{f' {number + 1}' if number else ''}": (account, path)
        for address in addresses()
        if address.route.startswith("console/")
        for role, account in people.items()
        if role.value in ROWS[address.name].who
        for number, path in enumerate(found(sign_in(account), address, objects))
    }


def found(browser: Client, address: Address, objects: list[Any]) -> list[str]:
    """Return the paths of an address that lead to a page."""
    choices = [objects if kind == "uuid" else [MADE_UP[kind]] for kind in address.values.values()]
    paths = [
        reverse(address.name, kwargs=dict(zip(address.values, chosen, strict=True))) for chosen in product(*choices)
    ]
    return [path for path in paths if browser.get(path).status_code == 200]
