"""How fast a former registry of 100,000 rows is read, counted, brought in and taken out again, all on disk."""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection

from bench.page import Bar, Part, Table
from bench.peers import plain
from bench.portal import fresh
from bench.processor import seconds
from fusus_portal.demo.postgres import Postgres
from fusus_portal.settings.base import storages
from registry.imports.models import ImportBatch
from registry.imports.services import imports, worker
from registry.people.models import Registrant
from registry.places.models import Camera
from tests.database.clone import Clone
from tests.factories import person
from tests.registry.imports.import_files import as_file, guessed, line

ROWS = 100_000
PIECE = 2_000
PLAIN_ROUNDS = 5
READ, COUNT, BRING_IN, UNDO = "read the file", "count", "bring in", "undo"
OF_PLAIN, OF_BRINGING_IN = 4.0, 4.0
PLAIN_WHY = """Bringing in checks and records each row, and writes in large statements, which saves as much as the rest
costs; half as much again breaks the limit."""
UNDO_WHY = """Undoing also checks that nothing of what others wrote loses its owner, row by row; half as much again
breaks the limit."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What an act took, in seconds. own, server: processor time of this process and of PostgreSQL's beside it."""

    seconds: float
    own: float
    server: float

    @property
    def processor(self) -> float:
        """Both together."""
        return self.own + self.server

    @property
    def rate(self) -> int:
        """Rows a second."""
        return round(ROWS / self.seconds)


def main(server: Postgres) -> Part:
    """Measure each act once, as in life: the tables grow from nothing to 100,000."""
    content = as_file(line(number) for number in range(ROWS))
    with fresh(server) as portal, tempfile.TemporaryDirectory() as root:
        for name, made in storages(Path(root), "").items():
            if "OPTIONS" in made:
                settings.STORAGES[name]["OPTIONS"] = made["OPTIONS"]
        acts, each, plainly = measure(portal, content)
    return Part(
        "A former registry comes in",
        [
            f"""A CSV of {ROWS:,} rows ({len(content) / 10**6:.0f} MB) with one camera each is read, counted, brought in
            and undone, in pieces that commit to disk. Each row that comes in is {each:.0f} rows of the database, which
            take {plainly:.2g} ms on a processor when they are written plainly, in pieces of {PIECE:,}.
            docs/decisions/imports.md says what takes the time.""",
            Table(
                ["act", "seconds", "rows a second", "Python's processor time, ms a row", "PostgreSQL's, ms a row"],
                [
                    (act, one.seconds, one.rate, one.own * 1000 / ROWS, one.server * 1000 / ROWS)
                    for act, one in acts.items()
                ],
            ),
        ],
        [
            Bar(
                "bringing in, of the same rows written plainly",
                acts[BRING_IN].processor * 1000 / ROWS / plainly,
                PLAIN_WHY,
                most=OF_PLAIN,
            ),
            Bar(
                "undoing, of bringing in",
                acts[UNDO].processor / acts[BRING_IN].processor,
                UNDO_WHY,
                most=OF_BRINGING_IN,
            ),
        ],
    )


def measure(portal: Clone, content: bytes) -> tuple[dict[str, Spent], float, float]:
    """Return what each act takes, how many rows one row of the file makes, and their milliseconds written plainly."""
    administrator = person("administrator")
    acts = {READ: spent_by(lambda: imports.upload(content=content, encoding="utf-8", by=administrator))}
    batch = ImportBatch.objects.get()
    imports.check(batch=batch, columns=guessed(batch), points="pinned", by=administrator)
    acts[COUNT] = spent_by(lambda: worker.work(pk=batch.pk))
    before = plain.counted(portal)
    imports.start(batch=batch, by=administrator)
    acts[BRING_IN] = spent_by(lambda: worker.work(pk=batch.pk))
    if (Registrant.objects.count(), Camera.objects.count()) != (ROWS, ROWS):
        raise RuntimeError("not every row came in")
    each, plainly = written_plainly(portal, plain.more(before, plain.counted(portal)))
    imports.undo(batch=batch, by=administrator)
    acts[UNDO] = spent_by(lambda: worker.work(pk=batch.pk))
    if Registrant.objects.exists():
        raise RuntimeError("the undoing left somebody")
    return acts, each, plainly


def written_plainly(portal: Clone, rows: plain.Rows) -> tuple[float, float]:
    """Return how many rows one row of the file makes, and the milliseconds in which they are written plainly."""
    piece = {name: count * PIECE // ROWS for name, count in rows.items()}
    with plain.again(portal, piece) as again:
        took = statistics.median(again() for _ in range(PLAIN_ROUNDS))
    return sum(rows.values()) / ROWS, took / PIECE


def spent_by(act: Callable[[], object]) -> Spent:
    """Return what an act takes. The server's process is that of the connection, which stays open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    ours, theirs = psutil.Process(), psutil.Process(pid)
    own, server, begun = seconds(ours), seconds(theirs), time.perf_counter()
    act()
    return Spent(time.perf_counter() - begun, seconds(ours) - own, seconds(theirs) - server)
