"""What a search of the log takes at 5,000,000 entries: each question as the page that an auditor opens, entry included.

The entries are written past the guard, as three years of work: people, tasks, cameras, incidents; a busy camera; events
that are rare, and one that was common once and never since; addresses of the office, and one of somebody else.
"""

import os
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from bench.portal import fresh
from bench.timing import Timing, milliseconds, table
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from tests.database.clone import Clone
from tests.factories import person
from tests.people import sign_in

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "5000000"))
DEPUTIES, INCIDENTS, CAMERAS = 200, 40_000, 50_000
WARM_UP, ROUNDS = 2, 10
BAR_MS, BAR_OF_A_WALK_MS = 300.0, 2_000.0
"""Milliseconds: of a page that an index or a time leads to, and of one that looks for as long as a page may."""

WALKED = {
    "the busiest camera", "an event of years ago", "refusals", "refusals of the portal's own tasks",
    "an address of the office", "a rare address", "an address that never was",
}  # fmt: skip
"""Questions that no index answers, and a camera with one entry in 250."""

OPEN = """
ALTER EVENT TRIGGER audit_guard_ddl DISABLE;
ALTER TABLE audit_entry DISABLE TRIGGER audit_stamp;
"""
CLOSED = """
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_stamp;
ALTER EVENT TRIGGER audit_guard_ddl ENABLE ALWAYS;
SELECT setval('audit_entry_id_seq', (SELECT max(id) FROM audit_entry));
"""
DETAILS = """
INSERT INTO audit_detail (digest, kind, salt, text, at)
SELECT sha256(n::text::bytea), 'address', '\\x00',
       CASE WHEN n % {fiftieth} = 7 THEN '203.0.113.77' ELSE '10.1.' || n % 4 || '.' || n % 50 END,
       now() - interval '3 years' + n * 10 * (interval '3 years' / {entries})
FROM generate_series(1, {entries} / 10) AS n
"""
WRITTEN = """
INSERT INTO audit_entry (id, at, nonce, event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in,
                         subject_kind, subject_id, incident_id, camera_id, camera_number, offence_type, premises_type,
                         area, facts, reason_digest, address_digest, agent_digest)
SELECT n, now() - interval '3 years' + n * (interval '3 years' / {entries}), substring(sha256(n::text::bytea) FOR 16),
       CASE WHEN n % {fiftieth} = 3 THEN 'registry:hold:place'
            WHEN n < {entries} / 4 AND n % 20 = 1 THEN 'registry:premises:place'
            WHEN kind = 1 THEN 'registry:camera:show' WHEN kind = 2 THEN 'registry:camera:find'
            WHEN kind = 3 THEN 'registry:incident:view' ELSE 'notifications:message:send' END,
       CASE WHEN n % 997 = 0 THEN 'refused' ELSE 'done' END,
       CASE WHEN kind = 0 THEN 'task' ELSE 'user' END,
       CASE WHEN kind = 0 THEN 'notifications.deliver' ELSE md5('deputy' || n / 25 % {deputies})::uuid::text END,
       CASE WHEN kind = 0 THEN 'task' ELSE 'deputy' END, CASE WHEN kind = 0 THEN '' ELSE 'Deputy K7Q2' END,
       CASE WHEN kind = 0 THEN '' ELSE md5('in' || n / 500) || md5('out' || n / 500) END,
       CASE WHEN kind IN (1, 2) THEN 'camera' WHEN kind = 3 THEN 'incident' ELSE 'message' END,
       CASE WHEN kind = 3 THEN incident::text ELSE md5('thing' || n)::uuid::text END,
       CASE WHEN kind > 0 THEN incident END,
       CASE WHEN kind IN (1, 2) THEN md5('camera' || camera)::uuid END,
       CASE WHEN kind IN (1, 2) THEN n ELSE 0 END,
       CASE WHEN kind = 0 THEN '' WHEN n % 50000 = 9 THEN 'arson' ELSE 'burglary' END,
       CASE WHEN kind IN (1, 2) THEN 'home' ELSE '' END,
       CASE WHEN kind = 0 THEN '' ELSE (35200 + n / 40 % 60)::text END, jsonb_build_object('canvass', incident::text),
       NULL, CASE WHEN n % 10 = 0 THEN sha256((n / 10)::text::bytea) END, NULL
FROM (SELECT n, (array[1, 2, 1, 2, 1, 3, 1, 2, 3, 0])[n % 10 + 1] AS kind,
             md5('incident' || n / 125 % {incidents})::uuid AS incident,
             CASE WHEN n % 250 = 4 THEN 0 ELSE n % {cameras} END AS camera
      FROM generate_series({first}, {last}) AS n) AS act
"""
CHUNK = 500_000


def main(server: Postgres) -> bool:
    """Return whether each page stays below its bar."""
    with fresh(server) as portal:
        auditor = person(Role.AUDITOR)
        fill(portal)
        rows = [(name, *measured(auditor, query)) for name, query in questions().items()]
        size = storage(portal)
    table(
        f"Searches of a log of {ENTRIES:,} entries",
        ["question", "on the page", "whole log looked at", "median ms", "slowest ms"],
        [
            (name, shown, "yes" if whole else "no", one.median, max(one.milliseconds))
            for name, shown, whole, one in rows
        ],
    )
    table("Storage of what only searches use", ["index", "bytes an entry"], size)
    return all(one.median < (BAR_OF_A_WALK_MS if name in WALKED else BAR_MS) for name, _shown, _whole, one in rows)


def fill(portal: Clone) -> None:
    """Write the log, and let the database learn what is in it."""
    sizes = {
        "entries": ENTRIES,
        "deputies": DEPUTIES,
        "incidents": INCIDENTS,
        "cameras": CAMERAS,
        "fiftieth": ENTRIES // 50,
    }
    with portal.connect() as superuser:
        superuser.execute(OPEN)
        superuser.execute(DETAILS.format(**sizes))
        for first in range(1, ENTRIES + 1, CHUNK):
            superuser.execute(WRITTEN.format(first=first, last=min(first + CHUNK - 1, ENTRIES), **sizes))
        superuser.execute(CLOSED)
        superuser.execute("VACUUM ANALYZE")


def questions() -> dict[str, str]:
    """Return what auditors ask, by name, as it stands in an address."""
    middle = AuditEntry.objects.get(pk=ENTRIES // 2)
    deputy, incident = middle.actor_id if middle.actor_kind == "user" else "", middle.incident_id
    entry = AuditEntry.objects.filter(pk__gt=ENTRIES // 2, event="registry:camera:show").order_by("id")[0]
    first, last = f"{middle.at:%Y-%m-01}", f"{middle.at:%Y-%m-28}"
    person_of = deputy or entry.actor_id
    return {
        "everything": "",
        "everything, far back": f"before={ENTRIES // 3}",
        "a deputy": f"actor={person_of}",
        "a deputy's views of a camera": f"actor={person_of}&camera={entry.camera_id}",
        "a camera": f"camera={entry.camera_id}",
        "the busiest camera": f"camera={busiest()}",
        "an incident": f"incident={incident or entry.incident_id}",
        "an object": f"subject_kind=incident&subject={incident or entry.incident_id}",
        "a month": f"since={first}&until={last}",
        "a month of a deputy": f"since={first}&until={last}&actor={person_of}",
        "a month of an area": f"since={first}&until={last}&area=35207",
        "a common event": "event=registry%3Acamera%3Ashow",
        "a rare event": "event=registry%3Ahold%3Aplace",
        "an event that never was": "event=registry%3Aleads%3Areport",
        "an event of years ago": "event=registry%3Apremises%3Aplace",
        "refusals": "outcome=refused",
        "refusals of the portal's own tasks": "outcome=refused&actor=notifications.deliver",
        "a rare crime": "offence_type=arson",
        "an address of the office": "address=10.1.1.5",
        "a rare address": "address=203.0.113.77",
        "an address that never was": "address=198.51.100.1",
        "a role that never acted": "actor_role=clerk",
    }


def busiest() -> str:
    """Return the camera with the most entries."""
    with_camera = AuditEntry.objects.filter(pk__lt=10_000, camera_number__gt=0).values_list("id", "camera_id")
    found = [camera for pk, camera in with_camera if pk % 250 == 4]
    return str(found[0])


def measured(auditor: User, query: str) -> tuple[int, bool, Timing]:
    """Return how many entries the page shows, whether it came to the end of what there is, and its times."""
    browser, address = sign_in(auditor), f"{reverse('audit')}?{query}"
    ask: Callable[[], object] = lambda: browser.get(address)  # noqa: E731
    timing = Timing([milliseconds(ask) for _ in range(WARM_UP + ROUNDS)][WARM_UP:])
    return *_shown(browser, address), timing


def _shown(browser: Client, address: str) -> tuple[int, bool]:
    page = browser.get(address).content.decode()
    return page.count('<td class="log-table__when"'), "Not the whole log" not in page


def storage(portal: Clone) -> list[tuple[str, float]]:
    """Return what the two indexes of searches take, an entry."""
    with portal.connect() as superuser:
        found = superuser.execute(
            "SELECT relname, pg_relation_size(oid) FROM pg_class "
            "WHERE relname IN ('audit_entry_search', 'audit_detail_search', 'audit_entry_pkey', 'audit_entry_actor') "
            "ORDER BY relname"
        ).fetchall()
        superuser.rollback()
    return [(name, size / ENTRIES) for name, size in found]
