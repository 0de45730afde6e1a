"""What each page of the console takes in a large county: 1,000,000 cameras, 20,000 incidents, 200,000 requests."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import psycopg
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from bench.county import fill, random_points, register_owners
from bench.portal import fresh
from bench.timing import Timing, milliseconds, table
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.geo import Point
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.models.purposes import CanvassPurpose
from registry.canvasses.request_links import link_actor
from registry.canvasses.services import canvasses, requests
from registry.incidents.models.types import IncidentType
from registry.incidents.services import incidents
from registry.places.models import Camera
from tests.access.addresses import MADE_UP, Address, addresses
from tests.access.urls import ROWS
from tests.factories import LARGE_RADIUS_M, draft_of, incident_at, person
from tests.people import sign_in

CAMERAS = 1_000_000
INCIDENTS = 20_000
REQUESTS = 200_000
ENTRIES_PER_INCIDENT = 6
BAR_MS = 300.0
WARM_UP, ROUNDS = 3, 20
QUARTER = Point(33.52, -86.81)

PAST = f"""
CREATE TEMPORARY TABLE past AS
SELECT gen_random_uuid() AS incident, gen_random_uuid() AS canvass, n AS number, '{{deputy}}'::uuid AS deputy,
       '{{type}}'::uuid AS type, '{{purpose}}'::uuid AS purpose, now() - n * interval '20 minutes' AS at
FROM generate_series(1, {INCIDENTS}) AS n;
CREATE TEMPORARY TABLE owner AS SELECT id, row_number() OVER () AS place FROM registry_registrant LIMIT 5000;
CREATE TEMPORARY TABLE asked AS
SELECT gen_random_uuid() AS request, past.*, owner.id AS owner, row_number() OVER () AS n
FROM past CROSS JOIN generate_series(1, {REQUESTS // INCIDENTS}) AS each
JOIN owner ON owner.place = (past.number * 7 + each) % 5000 + 1;
"""  # noqa: S608
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
        "state": "CASE WHEN number <= 100 THEN 'open' ELSE 'closed' END",
        "source": "'person'",
        "opened_by_id": "deputy",
        "opened_at": "at",
        "closed_by_id": "CASE WHEN number > 100 THEN deputy END",
        "closed_at": "CASE WHEN number > 100 THEN at END",
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
"""What stands in the rows of years of work; `fill` adds what else needs a value."""

ENTRIES = """
INSERT INTO audit_entry (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in, subject_kind,
                         subject_id, incident_id, camera_id, offence_type, premises_type, area, facts)
SELECT 'registry:incident:view', 'done', 'user', 'x', 'deputy', 'Deputy', '', 'incident', incident::text,
       incident, NULL, 'burglary', '', '', '{}' FROM past, generate_series(1, %s)
"""


def main(server: Postgres) -> bool:
    """Return whether each page's median is below the bar."""
    with fresh(server) as portal:
        register_owners(portal, random_points(7, CAMERAS))
        people = {role: person(role) for role in (Role.DEPUTY, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)}
        objects = happen(people)
        with portal.connect() as superuser:
            fill_the_past(superuser, people[Role.DEPUTY])
        cache.clear()
        timings = dict(measured(people, objects))
    rows = [(page, one.median, one.late) for page, one in sorted(timings.items(), key=lambda pair: -pair[1].median)]
    title = f"Pages of the console: {CAMERAS:,} cameras, {INCIDENTS:,} incidents, {REQUESTS:,} requests"
    table(title, ["page", "median ms", "95th percentile ms"], rows)
    return all(one.median < BAR_MS for one in timings.values())


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


def fill_the_past(superuser: psycopg.Connection, deputy: User) -> None:
    """Write years of work past the services."""
    burglary, purpose = IncidentType.objects.get(code="burglary"), CanvassPurpose.objects.order_by("name")[0]
    superuser.execute("SET session_replication_role = replica")  # what refers to what is right by construction
    superuser.execute(PAST.format(deputy=deputy.pk, type=burglary.pk, purpose=purpose.pk))
    for name, columns in WORK.items():
        fill(superuser, name, columns, source="asked" if name == "registry_footagerequest" else "past")
    superuser.execute(ENTRIES, [ENTRIES_PER_INCIDENT])
    superuser.execute("SET session_replication_role = origin")
    superuser.execute("VACUUM ANALYZE")


def measured(people: dict[Role, User], objects: list[Any]) -> Iterator[tuple[str, Timing]]:
    """Yield each page of the console that somebody can open, with its times for whoever comes first."""
    for address in addresses():
        if not address.route.startswith("console/"):
            continue
        for role, account in people.items():
            if role.value not in ROWS[address.name].who:
                continue
            browser = sign_in(account)
            for number, path in enumerate(found(browser, address, objects)):
                yield f"{address.name} ({role.value}{f' {number + 1}' if number else ''})", timed(browser, path)


def found(browser: Client, address: Address, objects: list[Any]) -> list[str]:
    """Return the paths of an address that lead to a page."""
    choices = [objects if kind == "uuid" else [MADE_UP[kind]] for kind in address.values.values()]
    paths = [
        reverse(address.name, kwargs=dict(zip(address.values, chosen, strict=True))) for chosen in product(*choices)
    ]
    return [path for path in paths if browser.get(path).status_code == 200]


def timed(browser: Client, path: str) -> Timing:
    """Return how long a page takes, once it has been seen a few times."""
    timing = Timing()
    for number in range(WARM_UP + ROUNDS):
        took = milliseconds(lambda: browser.get(path))
        if number >= WARM_UP:
            timing.milliseconds.append(took)
    return timing
