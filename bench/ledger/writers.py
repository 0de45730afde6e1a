"""The writers of `ledger.append`, in a process whose settings have the other libraries (`bench.peers.trails`).

Reads from its environment which database to write to; prints one JSON line: by way and writers, the entries a second
of each round.
"""

import json
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import uuid4

import pghistory
import psycopg
from auditlog.context import set_actor
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from easyaudit.middleware.easyaudit import set_current_user  # type: ignore[import-untyped]

from audit.log.actors import Actor, ActorKind, Source, Subject, acting_from
from audit.log.events import Event
from audit.log.services import record
from bench.peers.trails import models
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.database.address import connection_settings
from tests.factories import person

SECONDS = 1.5
WORK_SECONDS = 0.005
DEPUTY = Actor(ActorKind.USER, str(uuid4()), role="deputy", pseudonym="Deputy K7Q2")
BROWSER = Source(
    address="192.0.2.7", user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0", sign_in="8f1c2a5d" * 8
)
PLAIN_TABLE = "CREATE TABLE bench_plain (LIKE audit_entry INCLUDING ALL)"
"""Makes a table with the log's own columns, checks and indexes, but without its triggers."""

COLUMNS = (
    "event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in, subject_kind, subject_id, "
    "incident_id, camera_id, offence_type, premises_type, area, facts"
)
VALUES = (
    "(%s, 'done', 'user', %s, 'deputy', 'Deputy K7Q2', '', 'camera', %s, %s, %s, 'burglary', 'home', '35203', %s)"
    " RETURNING id, at, nonce, camera_number"
)


def main() -> None:
    """Make the tables of the other libraries, then let all ways write in turn."""
    begin_tables()
    set_current_user(PERSON)
    rounds = int(sys.argv[1])
    measured: dict[str, list[float]] = {}
    turns = [(name, writers) for writers in BOTH for name, (_write, counts) in WAYS.items() if writers in counts]
    for n in range(rounds):  # what is compared is side by side: the machine is now faster and now slower
        for name, writers in reversed(turns) if n % 2 else turns:
            measured.setdefault(f"{name}|{writers}", []).append(rate(name, writers))
    print(json.dumps(measured))


def begin_tables() -> None:
    """Create the tables of the peers, as the owner of the database does."""
    login = connection_settings("bench", os.environ["BENCH_OWNER"])
    settings.MIGRATOR_DATABASE = login
    connection.settings_dict.update(connection_settings("bench", os.environ["BENCH_APP"]))
    call_command("migrate", run_syncdb=True, verbosity=0)
    with psycopg.connect(os.environ["BENCH_OWNER"]) as owner:
        owner.execute(PLAIN_TABLE)
    global PERSON  # noqa: PLW0603  (all writers are forked from here)
    PERSON = person("deputy")
    connection.close()


def rate(name: str, writers: int) -> float:
    """Return how many rows a second so many processes write together."""
    begin = time.monotonic() + 0.4 + 0.05 * writers
    with multiprocessing.get_context("fork").Pool(writers) as pool:
        written = pool.starmap(repeat, [(name, begin)] * writers)
    return sum(written) / SECONDS


def repeat(name: str, begin: float) -> int:
    """Write for some seconds from a moment on; return the number of rows."""
    write, _counts = WAYS[name]
    connection.ensure_connection()
    global PSYCOPG  # noqa: PLW0603  (one connection of each process)
    PSYCOPG = psycopg.connect(os.environ["BENCH_APP"])
    write()
    time.sleep(max(0.0, begin - time.monotonic()))
    written = 0
    while time.monotonic() < begin + SECONDS:
        write()
        written += 1
    connection.close()
    PSYCOPG.close()
    return written


def any_camera() -> str:
    """Return a camera that occurs once: nothing numbers the rows of a plain table."""
    return str(uuid4())


def no_camera() -> None:
    """Return no camera: the entry takes no number of one."""


def by_psycopg(table: str, pick: Callable[[], str | None], work: float = 0.0) -> Callable[[], None]:
    """Return a function that inserts a row into a table by psycopg alone, with other work in the transaction."""
    statement = f"INSERT INTO {table} ({COLUMNS}) VALUES {VALUES}"  # noqa: S608

    def write() -> None:
        camera = pick()
        values = [
            Event.CAMERA_SHOWN.value,
            DEPUTY.id,
            camera or INCIDENT,
            INCIDENT,
            camera,
            json.dumps({"canvass": INCIDENT}),
        ]
        PSYCOPG.execute(statement.encode(), values)
        if work:
            time.sleep(work)
        PSYCOPG.commit()

    return write


def entry(pick: Callable[[], str | None]) -> Callable[[], None]:
    """Return a function that writes one entry by `record`, in a transaction of its own."""

    def write() -> None:
        with transaction.atomic():
            recorded(pick())

    return write


def entry_with_texts() -> None:
    """Write one entry as from a browser, with the reason that was typed: its texts go beside the log."""
    with transaction.atomic(), acting_from(BROWSER):
        recorded(a_camera(), reason="Two vans left the yard at night.")


def recorded(camera: str | None, reason: str = "") -> None:
    """Write one entry by `record`."""
    record(
        event=Event.CAMERA_SHOWN,
        actor=DEPUTY,
        subject=Subject("camera", camera or INCIDENT),
        camera=camera or "",
        reason=reason,
        incident=INCIDENT,
        offence_type="burglary",
        premises_type="home",
        area="35203",
        facts={"canvass": INCIDENT},
    )


def a_camera() -> str:
    """Return one of the cameras that the log knows: their being added was an entry."""
    return random.choice(CAMERAS)


def act(model: type[models.Act]) -> Callable[[], None]:
    """Return a function that saves an act whose library keeps a trail with the person's name."""
    says_who = WHO.get(model, nullcontext)

    def write() -> None:
        camera = a_camera()
        done = model(deputy=DEPUTY.id, camera=camera, incident=INCIDENT, offence="burglary")
        done._history_user = PERSON  # type: ignore[attr-defined]  # noqa: SLF001  (simple-history's own way)
        with says_who(), transaction.atomic():
            done.save(force_insert=True)
            if model is models.ByTheLedger:
                recorded(camera)

    return write


WHO: dict[type[models.Act], Callable[[], AbstractContextManager[Any]]] = {
    models.ByAuditlog: lambda: set_actor(PERSON, remote_addr="192.0.2.7"),
    models.ByPghistory: lambda: pghistory.context(user=DEPUTY.id, incident=INCIDENT),
}
"""Ways to tell the other libraries who acts, as their middleware does for each request; easy-audit is told once."""


INCIDENT: str = str(uuid4())
CAMERAS = [str(uuid4()) for _ in range(2_000)]
PSYCOPG: psycopg.Connection
PERSON: User
BOTH, MANY = (1, 8), (8,)
WAYS: dict[str, tuple[Callable[[], None], tuple[int, ...]]] = {
    "plain rows by psycopg": (by_psycopg("bench_plain", no_camera), BOTH),
    "entries by psycopg": (by_psycopg("audit_entry", no_camera), MANY),
    "plain rows of a camera by psycopg": (by_psycopg("bench_plain", any_camera), MANY),
    "entries of a camera by psycopg": (by_psycopg("audit_entry", a_camera), MANY),
    "plain rows by psycopg, 5 ms of other work": (by_psycopg("bench_plain", no_camera, WORK_SECONDS), MANY),
    "entries by psycopg, 5 ms of other work": (by_psycopg("audit_entry", no_camera, WORK_SECONDS), MANY),
    "entries of a camera by psycopg, 5 ms of other work": (by_psycopg("audit_entry", a_camera, WORK_SECONDS), MANY),
    "an act alone, by Django": (act(models.ByNobody), BOTH),
    "act, django-easy-audit": (act(models.ByEasyAudit), BOTH),
    "act, django-auditlog": (act(models.ByAuditlog), BOTH),
    "act, django-simple-history": (act(models.BySimpleHistory), BOTH),
    "act and entry by `record`": (act(models.ByTheLedger), BOTH),
    "act, django-pghistory": (act(models.ByPghistory), BOTH),
    "entries by `record`": (entry(no_camera), BOTH),
    "entries of a camera by `record`": (entry(a_camera), BOTH),
    "entries of a camera with texts by `record`": (entry_with_texts, BOTH),
}

if __name__ == "__main__":
    main()
