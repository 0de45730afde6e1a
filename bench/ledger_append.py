"""How many entries a second the log takes while the sealer works, beside other libraries; sealing's delay; storage.

Each is committed to disk before the next. The bars are those of the ledger's design.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias
from uuid import uuid4

from django.db import connection, transaction

from audit.ledger import keys
from audit.ledger.sealer import process
from audit.log.actors import Actor, ActorKind, Subject
from audit.log.events import Event
from audit.log.services import Line, record, record_each
from bench.portal import fresh
from bench.timing import table
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.database.address import connection_settings
from tests.database.clone import Clone

ROUNDS = 5
Measured: TypeAlias = dict[str, list[float]]
"""Entries a second of each round, by way and writers ("entries by psycopg|8")."""

HEADINGS = ["what", "measured", "bar", "reached"]
LATENCIES = 400
LATEST_MS = 300.0
LARGEST_BYTES = 720.0
STORED = 100_000
CAMERAS = 2_000
TABLES = (
    "audit_entry", "audit_counter", "audit_pending", "audit_leaf", "audit_bundle", "audit_tile", "audit_checkpoint",
)  # fmt: skip


def main(server: Postgres) -> bool:
    """Return whether every bar is reached."""
    with fresh(server) as portal, SealerProcess(portal):
        measured = rates(portal)
        late = delays(portal)
        bytes_each = storage(portal)
    medians = {key: statistics.median(found) for key, found in measured.items()}
    table(
        "A second, each committed to disk (synchronous_commit on), with the sealer running",
        ["way", "writers", "median a second", "of plain rows"],
        [
            (*key.split("|"), round(rate), rate / medians[f"plain rows by psycopg|{key[-1]}"])
            for key, rate in medians.items()
        ],
    )
    table("From commit to seal, at 200 ms", ["median ms", "99th percentile ms"], [late])
    table("Storage", ["entries", "bytes an entry, indexes and tree included"], [(STORED, bytes_each)])
    bars = [
        *compared(measured, BARS),
        Bar("milliseconds until 99 of 100 are sealed", late[1], most=LATEST_MS),
        Bar("bytes an entry", bytes_each, most=LARGEST_BYTES),
    ]
    table("Bars", HEADINGS, [bar.row for bar in bars])
    table("The same, where more is asked than a bar says", HEADINGS, [bar.row for bar in compared(measured, BEYOND)])
    return all(bar.is_reached for bar in bars)


@dataclass(frozen=True)
class Bar:
    """What was measured, and what it is to be at least or at most."""

    what: str
    measured: float
    least: float = 0.0
    most: float = math.inf

    @property
    def is_reached(self) -> bool:
        """Whether it is between its bounds."""
        return self.least <= self.measured <= self.most

    @property
    def row(self) -> tuple[str, float, str, str]:
        """Its line in a table."""
        bound = f"{self.least:g} or more" if self.least else f"{self.most:g} or less"
        return self.what, self.measured, bound, "yes" if self.is_reached else "**no**"


PLAIN = "plain rows by psycopg"
WORKED = ", 5 ms of other work"
COMMITTED = ("act, django-simple-history", "act, django-auditlog", "act, django-pghistory")
"""The libraries that commit their row with the act. easy-audit writes after the commit, and can lose it."""

BARS = (
    ("entries by psycopg", (PLAIN,), 8, 0.65),
    (f"entries by psycopg{WORKED}", (PLAIN + WORKED,), 8, 0.97),
    ("entries by `record`", COMMITTED, 1, 1.0),
    ("entries by `record`", COMMITTED, 8, 1.0),
)
"""What is written, beside what, by how many writers, and the least ratio that will do."""

BEYOND = (
    ("entries of a camera by psycopg", ("plain rows of a camera by psycopg",), 8, 0.65),
    (f"entries of a camera by psycopg{WORKED}", (PLAIN + WORKED,), 8, 0.97),
    ("entries of a camera by `record`", COMMITTED, 1, 1.0),
    ("entries of a camera by `record`", COMMITTED, 8, 1.0),
    ("entries of a camera with texts by `record`", COMMITTED, 1, 1.0),
    ("entries of a camera with texts by `record`", COMMITTED, 8, 1.0),
    ("act and entry by `record`", COMMITTED, 1, 1.0),
    ("act and entry by `record`", COMMITTED, 8, 1.0),
)
"""With a camera's number, which no plain row has; an act with its entry, beside libraries that copy the act's row."""


def compared(measured: Measured, asked: Iterable[tuple[str, tuple[str, ...], int, float]]) -> Iterator[Bar]:
    """Yield how many times as many rows a second there are in one way as in the fastest of others.

    It is the median of the rounds' ratios: both were measured within a minute, and the machine drifts over several.
    """
    for ours, others, writers, least in asked:
        best = max(others, key=lambda other: statistics.median(measured[f"{other}|{writers}"]))
        pairs = zip(measured[f"{ours}|{writers}"], measured[f"{best}|{writers}"], strict=True)
        ratio = statistics.median(one / other for one, other in pairs)
        yield Bar(f"{ours}, {writers} at a time, of {best}", ratio, least)


class SealerProcess:
    """The sealer, in a process of its own, as in production."""

    def __init__(self, portal: Clone) -> None:
        signer = keys.made("bench.example/ledger")
        self._environment = {
            "BENCH_SEALER": portal.address("portal_sealer"),
            "LEDGER_KEY": signer.text(),
        }

    def __enter__(self) -> None:
        command = [sys.executable, "-c", "from bench.ledger_append import seal; seal()"]
        self._process = subprocess.Popen(command, env={**os.environ, **self._environment})

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)


def seal() -> None:
    """Run the sealer until it is ended."""
    connection.settings_dict.update(connection_settings("bench", os.environ["BENCH_SEALER"]))
    process.run(keys.given(), threading.Event())


def rates(portal: Clone) -> Measured:
    """Let all ways write in turn."""
    environment = {
        "BENCH_APP": portal.address("portal_app"),
        "BENCH_OWNER": portal.address("portal_migrator"),
        "BENCH_SETTINGS": "bench.peers.settings",
    }
    command = [sys.executable, "-m", "bench.appending", str(ROUNDS)]
    done = subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, text=True)
    found: Measured = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def delays(portal: Clone) -> tuple[float, float]:
    """Return median and 99th percentile of the milliseconds from an entry's commit until it has a place."""
    actor = Actor(ActorKind.USER, str(uuid4()), role="deputy", pseudonym="Deputy K7Q2")
    found = []
    drained(portal)
    with portal.connect("portal_app") as watcher:
        for number in range(LATENCIES):
            time.sleep((number % 40) * 0.005)  # at every moment of the sealer's rest
            with transaction.atomic():
                entry = record(event=Event.LOG_OPENED, actor=actor, subject=Subject("log", "all"))
            begun = time.perf_counter()
            while not is_sealed(watcher, entry.pk):
                time.sleep(0.002)
            found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found), statistics.quantiles(found, n=100)[98]


def is_sealed(watcher: object, entry: int) -> bool:
    """Tell whether an entry has a place: it is a leaf, or its bundle is full."""
    row = watcher.execute(  # type: ignore[attr-defined]
        "SELECT EXISTS (SELECT FROM audit_leaf WHERE entry = %(e)s) OR EXISTS (SELECT FROM audit_bundle "
        "WHERE int8range(first, last, '[]') @> %(e)s::bigint AND %(e)s = ANY(entries))",
        {"e": entry},
    ).fetchone()
    return bool(row[0])


def drained(portal: Clone) -> int:
    """Wait until nothing is queued; return how many entries there are."""
    with portal.connect() as superuser:
        while superuser.execute("SELECT EXISTS (SELECT FROM audit_pending)").fetchone() == (True,):
            time.sleep(0.2)
        row = superuser.execute("SELECT max(size) FROM audit_checkpoint").fetchone()
    return int((row or (0,))[0])


def storage(portal: Clone) -> float:
    """Return the bytes on disk that each further entry takes, indexes and tree included, as VACUUM leaves them.

    Canvasses that show 50 of 2,000 cameras each, with a typed reason.
    """
    cameras = [str(uuid4()) for _ in range(CAMERAS)]
    fill(cameras, STORED // 2)
    before = on_disk(portal)
    for _ in range(10):
        fill(cameras, STORED // 10)
        after = on_disk(portal)
    for name in TABLES:
        print(f"{name}: {(after[name] - before[name]) / STORED:.1f} bytes an entry")
    return sum(after.values()) / STORED - sum(before.values()) / STORED


def fill(cameras: list[str], entries: int) -> None:
    """Write entries as canvasses do."""
    for number in range(entries // 50):
        first = number * 37 % CAMERAS
        shown = (cameras[first:] + cameras[:first])[:50]
        canvass = str(uuid4())
        with transaction.atomic():
            record_each(
                event=Event.CAMERA_SHOWN,
                actor=Actor(ActorKind.USER, str(uuid4()), role="deputy", pseudonym="Deputy K7Q2"),
                incident=str(uuid4()),
                reason="Two vans left the yard at night.",
                offence_type="burglary",
                lines=[
                    Line(Subject("camera", one), one, premises_type="home", area="35203", facts={"canvass": canvass})
                    for one in shown
                ],
            )


def on_disk(portal: Clone) -> dict[str, int]:
    """Return the bytes of each table of the ledger with its indexes, once all is sealed and vacuumed."""
    drained(portal)
    with portal.connect() as superuser:
        for name in TABLES:
            superuser.execute(f"VACUUM {name}".encode())
        query = "SELECT t, pg_total_relation_size(t::regclass) FROM unnest(%s::text[]) AS t"
        return dict(superuser.execute(query, [list(TABLES)]).fetchall())
