"""Searching the log, beside a bare page and the question "everything".

The entries are written past the guard, as three years of work: people, tasks, cameras, incidents; a busy camera; events
that are rare, and one that was common once and never since; addresses of the office, and one of somebody else.
"""

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse

from audit.log.models import AuditEntry
from bench.clock import FIGURES, Pair, beside
from bench.county.owners import filling
from bench.page import Found, Limit, Section, Table
from bench.peers.bare import pages as bare
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from registry.incidents.models import Incident
from tests.database.clone import Clone
from tests.factories import incident_at, person
from tests.people import sign_in

ENTRIES = 5_000_000
DEPUTIES, INCIDENTS, CAMERAS = 200, 40_000, 50_000
WARM_UP, ROUNDS = 1, 6
BESIDE_BARE, BESIDE_EVERYTHING = "of a bare page", "of “everything”"
SECTION = Section(
    "Searching the log",
    f"""A log of {ENTRIES:,} entries; {ROUNDS} looks at each page after {WARM_UP}. Pages are 50 entries; none
    counts, and each resumes at the last entry of the one before. What an index or a time leads to is asked in turn
    with a bare page. What no index answers is asked in turn with the log as it opens, the question “everything”: there
    a page looks for as long as it may, shows what it found so far, and offers to look on. PostgreSQL works with one
    process for each question here, so that all its work is counted.""",
    {
        f"the slowest question that an index answers, {BESIDE_BARE}": Limit(
            """What an index or a time leads to is a page of 50 entries and a timeline of 2,000, whatever the log holds
            besides: half as much again breaks the limit.""",
            most=40,
        ),
        f"the slowest of the others, {BESIDE_EVERYTHING}": Limit(
            """Refusals, a seldom seen address and what was done years ago are what an auditor opens the log for: they
            may take five times what its newest page takes.""",
            most=5,
        ),
    },
)
WALKED = {
    "the busiest camera", "an event of years ago", "refusals", "refusals of the portal's own tasks",
    "an address of the office", "a rare address", "an address that never was", "in words: a rare kind",
}  # fmt: skip
"""Questions that no index answers, and a camera with one entry in 250."""

ONE_PROCESS = "SET max_parallel_workers_per_gather = 0"

OPEN = """
ALTER EVENT TRIGGER audit_guard_ddl DISABLE;
ALTER TABLE audit_entry DISABLE TRIGGER audit_stamp;
ALTER TABLE audit_entry DISABLE TRIGGER audit_refuse;
"""
CLOSED = """
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_stamp;
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_refuse;
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
       CASE WHEN kind = 0 THEN 'notifications.deliver' WHEN n / 25 % {deputies} = 2 THEN '{deputy}'
            ELSE md5('deputy' || n / 25 % {deputies})::uuid::text END,
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
             CASE WHEN n / 125 = {incidents} / 2 THEN '{incident}'
                  ELSE md5('incident' || n / 125 % {incidents})::uuid END AS incident,
             CASE WHEN n % 250 = 4 THEN 0 ELSE n % {cameras} END AS camera
      FROM generate_series(1, {entries}) AS n) AS act
"""


def main(server: Postgres) -> Found:
    """Ask each question in turn with a bare page, or with everything."""
    with fresh(server) as portal:
        auditor, deputy = person(Role.AUDITOR), person(Role.DEPUTY)
        incident = incident_at(by=deputy)
        fill(portal, deputy, incident)
        with connection.cursor() as cursor:
            cursor.execute(ONE_PROCESS)
        asked = [ask(auditor, name, query) for name, query in questions(deputy, incident).items()]
    led, walked = ([one for one in asked if (one.name in WALKED) is walks] for walks in (False, True))
    headings = ["question", "on the page", "whole log looked at", *FIGURES]
    parts = (led, BESIDE_BARE), (walked, BESIDE_EVERYTHING)
    return Found(
        [Table([*headings, of], [one.row for one in part]) for part, of in parts],
        {bar: slowest(part) for bar, part in zip(SECTION.bars, (led, walked), strict=True)},
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: how many entries its page shows, whether it came to the end of the log, how long it took."""

    name: str
    shown: int
    is_whole: bool
    pair: Pair

    @property
    def row(self) -> tuple[object, ...]:
        """Its line in a table."""
        whole = "yes" if self.is_whole else "no"
        return self.name, self.shown, whole, *self.pair.figures


def slowest(asked: list[Asked]) -> tuple[float, str]:
    """Return the largest ratio, and its question."""
    return max((one.pair.ratio, one.name) for one in asked)


def fill(portal: Clone, deputy: User, incident: Incident) -> None:
    """Write the log, and let the database learn what is in it. deputy: one of many. incident: in the middle of it."""
    sizes = {
        "entries": ENTRIES,
        "deputies": DEPUTIES,
        "incidents": INCIDENTS,
        "cameras": CAMERAS,
        "fiftieth": ENTRIES // 50,
        "deputy": deputy.pk,
        "incident": incident.pk,
    }
    with portal.connect() as superuser:
        superuser.execute(OPEN)
        superuser.execute("DELETE FROM audit_entry")  # those of making the incident
        with filling(superuser, "audit_detail", "audit_entry"):
            superuser.execute(DETAILS.format(**sizes))
            superuser.execute(WRITTEN.format(**sizes))
        superuser.execute(CLOSED)


def questions(called: User, numbered: Incident) -> dict[str, str]:
    """Return what auditors ask, by name, as it is in an address. called, numbered: found by words."""
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
        **in_words(called, numbered, f"{middle.at:%B %Y}"),
    }


def in_words(called: User, numbered: Incident, month: str) -> dict[str, str]:
    """Return questions of several words, as they are in an address."""
    texts = {
        "a deputy and an incident": f"{called.pseudonym} {numbered.number}",
        "a deputy and a month": f"{called.pseudonym} {month}",
        "a deputy, an incident, a month and a kind": f"viewed {called.pseudonym} {numbered.number} {month}",
        "a deputy and a rare kind": f"{called.pseudonym} hold",
        "a rare kind": "hold",
        "a kind and a month": f"hold {month}",
        "a person who does not exist": f"Jordan Smithe {numbered.number}",
    }
    return {f"in words: {name}": urlencode({"word": text}) for name, text in texts.items()}


def busiest() -> str:
    """Return the camera with the most entries."""
    with_camera = AuditEntry.objects.filter(pk__lt=10_000, camera_number__gt=0).values_list("id", "camera_id")
    found = [camera for pk, camera in with_camera if pk % 250 == 4]
    return str(found[0])


def ask(auditor: User, name: str, query: str) -> Asked:
    """Ask a question as an auditor does."""
    browser, log = sign_in(auditor), reverse("audit")
    address = f"{log}?{query}"
    reference = partial(browser.get, log) if name in WALKED else bare.page
    pair = beside(partial(browser.get, address), reference, warm_up=WARM_UP, rounds=ROUNDS)
    page = browser.get(address).content.decode()
    count = page.count('<td class="log-table__when"')
    return Asked(name, count, "Not the whole log" not in page, pair)
