"""Writing entries of the log, beside plain rows and other libraries; how soon they are sealed, and their size."""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeAlias
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection, transaction

from audit.ledger import keys, sealer
from audit.log.actors import Actor, ActorKind, Subject
from audit.log.events import Event
from audit.log.services import Line, record_at_once, record_each
from bench.page import Found, Limit, Section, Table
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.database.address import connection_settings
from tests.database.clone import Clone

ROUNDS = 3
Measured: TypeAlias = dict[str, list[float]]
"""Entries a second of each round, by way and writers ("entries by psycopg|8")."""

LATENCIES = 120
STORED, CAMERAS = 50_000, 2_000
TABLES = (
    "audit_entry", "audit_counter", "audit_pending", "audit_leaf", "audit_bundle", "audit_tile", "audit_checkpoint",
)  # fmt: skip

PLAIN, PLAIN_OF_A_CAMERA = "plain rows by psycopg", "plain rows of a camera by psycopg"
WORKED = ", 5 ms of other work"
LIBRARY = "the fastest other library"
OTHERS = {LIBRARY: ("act, django-simple-history", "act, django-auditlog", "act, django-pghistory")}
"""The libraries that commit their row with the act. easy-audit writes after the commit, and can lose it."""

ALONE = Limit("An entry alone is to cost less than a row with its copy by any library that commits both.", least=1)
WITH_MORE = Limit(
    """An act with its entry, or an entry with its three texts, is to cost no more than an act that a library copies by
    a trigger in the act's own statement: 0.9 is asked, and runs on a virtual disk measured 0.69 to 1.23.""",
    least=0.65,
)
EIGHT_ACTS = Limit(
    """Eight at a time wait for the disk, where an entry writes more: indexes, counter, queue. Seven runs measured 0.70
    to 1.10.""",
    least=0.6,
)
RATES = {
    ("entries by psycopg", 8, PLAIN): Limit(
        """The design of the log asks for 0.65 of what PostgreSQL takes without triggers, and a busy machine takes a
        tenth of that.""",
        least=0.55,
    ),
    (f"entries by psycopg{WORKED}", 8, PLAIN + WORKED): Limit(
        """An entry that held a lock until its commit would let one of eight writers work at a time, which would be
        0.13; a quiet machine measures 0.97.""",
        least=0.75,
    ),
    **{("entries by `record`", writers, LIBRARY): ALONE for writers in (1, 8)},
    **{("entries of a camera with texts by `record`", writers, LIBRARY): WITH_MORE for writers in (1, 8)},
    ("act and entry by `record`", 1, LIBRARY): WITH_MORE,
    ("act and entry by `record`", 8, LIBRARY): EIGHT_ACTS,
}
"""Limits by comparison: the rows written, the writers at a time, and the rows or library they are compared with."""

BEYOND = (
    ("entries of a camera by psycopg", 8, PLAIN_OF_A_CAMERA),
    (f"entries of a camera by psycopg{WORKED}", 8, PLAIN + WORKED),
    ("entries of a camera by `record`", 1, LIBRARY),
    ("entries of a camera by `record`", 8, LIBRARY),
)
"""Comparisons without a limit: an entry of a camera gets a number of that camera, which no plain row has."""

BAR = "{}, {} at a time, of {}"
SEALED, STORAGE = "half are sealed, of noted in a bare round", "bytes an entry"
SECTION = Section(
    "Writing entries of the log",
    f"""Each is committed to disk before the next, with the sealer at work beside; each writer is a process. Medians
    of {ROUNDS} rounds, all ways in turn. "Plain rows" go to a table with the log's own columns, checks and indexes,
    without its triggers. The other libraries write their row for the same act, and are told who acts, as their
    middleware does for each request. A ratio is the median of the ratios of the rounds, in which both were measured
    within a minute. docs/decisions/audit/ledger-speed.md says why some ratios are no bars. "Sealed" is from commit
    until an entry has its place in the tree; "noted" until a process knows of it that only asks for the newest entry
    and commits, as often as the sealer looks. On disk there are {STORED:,} entries as canvasses write them.""",
    {
        **{BAR.format(*asked): limit for asked, limit in RATES.items()},
        SEALED: Limit(
            """An entry waits for one round of the sealer, so for as long as anything that works in such rounds: one
            that waited for two would take three times as long.""",
            most=1.5,
        ),
        STORAGE: Limit("The design of the log allows 720 bytes, indexes and tree included.", most=720),
    },
)


def main(server: Postgres) -> Found:
    """Compare ways to write an entry; measure how soon it is sealed, and what it takes on disk."""
    with fresh(server) as portal, SealerProcess(portal):
        measured = rates(portal)
        sealed, noted = delays(portal)
    with fresh(server) as portal, SealerProcess(portal):  # nothing of the others is left to be tidied up
        tables = storage(portal)
    medians = {key: statistics.median(found) for key, found in measured.items()}
    beyond = {BAR.format(*asked): compared(measured, *asked) for asked in BEYOND}
    return Found(
        [
            Table(
                ["way", "writers", "median a second", "of plain rows"],
                [(*key.split("|"), round(rate), rate / medians[f"{PLAIN}|{key[-1]}"]) for key, rate in medians.items()],
            ),
            Table(["more than a bar asks", "measured"], [(what, ratio) for what, (ratio, _best) in beyond.items()]),
            Table(
                ["what", "median ms", "95th percentile ms"],
                [("sealed", *middle_and_late(sealed)), ("noted in a bare round", *middle_and_late(noted))],
            ),
            Table(["table", "bytes on disk, an entry"], tables.items()),
        ],
        {
            **{BAR.format(*asked): compared(measured, *asked) for asked in RATES},
            SEALED: statistics.median(sealed) / statistics.median(noted),
            STORAGE: sum(tables.values()),
        },
    )


def compared(measured: Measured, ours: str, writers: int, other: str) -> tuple[float, str]:
    """Return the ratio of rows a second to those of another way, or to the best of several, and that way's name.

    The ratio is the median of the rounds' ratios: both ways were measured within a minute, and the machine drifts.
    """
    best = max(OTHERS.get(other, (other,)), key=lambda name: statistics.median(measured[f"{name}|{writers}"]))
    pairs = zip(measured[f"{ours}|{writers}"], measured[f"{best}|{writers}"], strict=True)
    return statistics.median(one / another for one, another in pairs), "" if best == other else best


def middle_and_late(found: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    return statistics.median(found), statistics.quantiles(found, n=20)[18]


class SealerProcess:
    """The sealer, in a process of its own, as in production."""

    def __init__(self, portal: Clone) -> None:
        key = keys.made("bench.example/ledger").text()
        self._environment = {"BENCH_SEALER": portal.address("portal_sealer"), "LEDGER_KEY": key}

    def __enter__(self) -> None:
        command = [sys.executable, "-c", "from bench.ledger.append import seal; seal()"]
        self._process = subprocess.Popen(command, env={**os.environ, **self._environment})

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)


def seal() -> None:
    """Run the sealer until it is ended."""
    connection.settings_dict.update(connection_settings("bench", os.environ["BENCH_SEALER"]))
    sealer.run_sealer(keys.given(), threading.Event())


def rates(portal: Clone) -> Measured:
    """Measure each way to write for several rounds, in turn."""
    environment = {
        "BENCH_APP": portal.address("portal_app"),
        "BENCH_OWNER": portal.address("portal_migrator"),
        "BENCH_SETTINGS": "bench.peers.trails.settings",
    }
    command = [sys.executable, "-m", "bench.ledger.writers", str(ROUNDS)]
    done = subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, text=True)
    found: Measured = json.loads(done.stdout.strip().splitlines()[-1])
    return found


class BareRounds(threading.Thread):
    """Rounds as often as the sealer's, that only look for the newest entry and commit."""

    def __init__(self, portal: Clone) -> None:
        super().__init__(daemon=True)
        self._portal = portal
        self._stop_now = threading.Event()
        self._newest = 0

    def saw(self, entry: int) -> bool:
        """Return whether a round came since an entry was committed."""
        return self._newest >= entry

    def run(self) -> None:
        """Ask for the newest entry and commit, round after round."""
        with self._portal.connect() as database:
            database.execute("CREATE TABLE bench_newest AS SELECT 0::bigint AS entry")
            while not self._stop_now.wait(settings.LEDGER_SEAL_SECONDS):
                found = database.execute(
                    "UPDATE bench_newest SET entry = (SELECT max(id) FROM audit_entry) RETURNING entry"
                ).fetchone()
                self._newest = found[0] if found else 0

    def stop(self) -> None:
        """End after this round."""
        self._stop_now.set()
        self.join()


def delays(portal: Clone) -> tuple[list[float], list[float]]:
    """Return how many milliseconds entries wait for their place after their commit, and for a bare round."""
    sealed: list[float] = []
    noted: list[float] = []
    drained(portal)
    rounds = BareRounds(portal)
    rounds.start()
    with portal.connect("portal_app") as watcher:
        for number in range(LATENCIES):
            for found, has_come in ((sealed, partial(is_sealed, watcher)), (noted, rounds.saw)):
                time.sleep((number % 40) * 0.005)  # at every moment of a round's rest
                found.append(delay(has_come))
    rounds.stop()
    return sealed, noted


def delay(has_come: Callable[[int], bool]) -> float:
    """Commit an entry; return the milliseconds until something has come to it."""
    actor = Actor(ActorKind.USER, str(uuid4()), role="deputy", pseudonym="Deputy K7Q2")
    with transaction.atomic():
        entry = record_at_once(event=Event.LOG_OPENED, actor=actor, subject=Subject("log", "all"))
    begun = time.perf_counter()
    while not has_come(entry.pk):
        time.sleep(0.002)
    return (time.perf_counter() - begun) * 1000


def is_sealed(watcher: psycopg.Connection, entry: int) -> bool:
    """Tell whether an entry has a place: it is a leaf, or its bundle is full."""
    row = watcher.execute(
        "SELECT EXISTS (SELECT FROM audit_leaf WHERE entry = %(e)s) OR EXISTS (SELECT FROM audit_bundle "
        "WHERE int8range(first, last, '[]') @> %(e)s::bigint AND %(e)s = ANY(entries))",
        {"e": entry},
    ).fetchone()
    return row == (True,)


def drained(portal: Clone) -> int:
    """Wait until nothing is queued; return how many entries there are."""
    with portal.connect() as superuser:
        while superuser.execute("SELECT EXISTS (SELECT FROM audit_pending)").fetchone() == (True,):
            time.sleep(0.2)
        row = superuser.execute("SELECT max(size) FROM audit_checkpoint").fetchone()
    return int((row or (0,))[0])


def storage(portal: Clone) -> dict[str, float]:
    """Return the bytes on disk that each further entry takes of each table, indexes included, as VACUUM leaves them.

    Canvasses that show 50 of 2,000 cameras each, with a typed reason.
    """
    cameras = [str(uuid4()) for _ in range(CAMERAS)]
    fill(cameras, STORED // 2)
    before = on_disk(portal)
    for _ in range(5):
        fill(cameras, STORED // 5)
        after = on_disk(portal)
    return {name: (after[name] - before[name]) / STORED for name in TABLES}


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
