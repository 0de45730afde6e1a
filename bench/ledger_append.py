"""How many entries a second the ledger takes, each in a transaction of its own that is on disk before the next.

Beside it, in the same run, plain rows of the same columns by the same writers: no trigger, no Django.
"""

import json
import multiprocessing
import statistics
import time
from collections.abc import Callable
from uuid import uuid4

import psycopg
from django.db import connection, transaction

from audit.actors import Actor, ActorKind, Subject
from audit.events import Event
from audit.services import record
from bench.portal import fresh
from bench.timing import table
from fusus_portal.database.address import connection_settings
from fusus_portal.demo.postgres import Postgres
from tests.database.clone import Clone

SECONDS = 3.0
ROUNDS = 5
WRITERS = (1, 8)
DEPUTY = Actor(ActorKind.USER, str(uuid4()), role="deputy", pseudonym="Deputy K7Q2")

PLAIN_TABLE = "CREATE TABLE bench_plain (LIKE audit_entry INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES)"
PLAIN_ROW = """
INSERT INTO bench_plain (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in, subject_kind,
                         subject_id, incident_id, camera_id, camera_number, offence_type, premises_type, area, facts)
VALUES (%s, 'done', 'user', %s, 'deputy', 'Deputy K7Q2', '', 'camera', %s, %s, %s, 1, 'burglary', 'home', '35203', %s)
RETURNING id, at, nonce, camera_number"""


def main(server: Postgres) -> bool:
    """Measure only: these are numbers to compare later versions with."""
    ways = {"plain rows by psycopg": write_plain, "`audit.services.record`": write_entries}
    measured: dict[tuple[str, int], list[float]] = {(name, writers): [] for writers in WRITERS for name in ways}
    with fresh(server) as portal:
        with portal.connect("portal_migrator") as owner:
            owner.execute(PLAIN_TABLE)
        connection.close()
        for _ in range(ROUNDS):
            for (name, writers), rates in measured.items():
                rates.append(rate(portal, ways[name], writers))
    medians = {key: statistics.median(rates) for key, rates in measured.items()}
    table(
        "Entries a second, each committed to disk (synchronous_commit on)",
        ["way", "writers", "median a second", "of plain"],
        [
            (name, writers, round(median), median / medians["plain rows by psycopg", writers])
            for (name, writers), median in medians.items()
        ],
    )
    return True


def rate(portal: Clone, write: Callable[[str, float], int], writers: int) -> float:
    """Return how many rows a second so many processes write together."""
    begin = time.monotonic() + 1.0 + 0.1 * writers
    address = portal.address("portal_app")
    with multiprocessing.get_context("fork").Pool(writers) as pool:
        written = pool.starmap(write, [(address, begin)] * writers)
    return sum(written) / SECONDS


def write_entries(address: str, begin: float) -> int:
    """Write entries of different cameras through Django; return how many."""
    connection.settings_dict.update(connection_settings("bench", address))
    connection.ensure_connection()
    incident, written = str(uuid4()), 0
    wait_until(begin)
    while time.monotonic() < begin + SECONDS:
        camera = str(uuid4())
        with transaction.atomic():
            record(
                event=Event.CAMERA_SHOWN,
                actor=DEPUTY,
                subject=Subject("camera", camera),
                camera=camera,
                incident=incident,
                offence_type="burglary",
                premises_type="home",
                area="35203",
                facts={"canvass": incident},
            )
        written += 1
    connection.close()
    return written


def write_plain(address: str, begin: float) -> int:
    """Write as many values into a table without a trigger; return how many rows."""
    incident, written = str(uuid4()), 0
    facts = json.dumps({"canvass": incident})
    with psycopg.connect(address) as plain:
        wait_until(begin)
        while time.monotonic() < begin + SECONDS:
            camera = str(uuid4())
            values = [Event.CAMERA_SHOWN.value, DEPUTY.id, camera, incident, camera, facts]
            plain.execute(PLAIN_ROW, values)
            plain.commit()
            written += 1
    return written


def wait_until(begin: float) -> None:
    """Let all writers start together."""
    time.sleep(max(0.0, begin - time.monotonic()))
