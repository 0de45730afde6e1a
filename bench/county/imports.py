"""A former registry comes in and is undone, beside the rows that it writes."""

import statistics

from bench.clock import timed
from bench.page import Found, Limit, Section, Table
from bench.peers import plain
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from registry.imports.models import ImportBatch
from registry.imports.services import imports
from registry.places.models import Camera
from registry.registrants.models import Registrant
from tests.database.clone import Clone
from tests.factories import person
from tests.registry.imports.import_files import as_file, guessed, line

ROWS = 20_000
PIECE = 2_000
PLAIN_ROUNDS = 5
READ, COUNT, BRING_IN, UNDO = "read the file", "count", "bring in", "undo"
OF_PLAIN, OF_BRINGING_IN = "bringing in, of the same rows written plainly", "undoing, of bringing in"
SECTION = Section(
    "A former registry comes in",
    f"""A CSV of {ROWS:,} rows with one camera each is read, counted, brought in and undone, in pieces that commit to
    disk. docs/decisions/registry/imports.md says what takes the time.""",
    {
        OF_PLAIN: Limit(
            """Bringing in checks and records each row, and writes in large statements, which saves as much as the rest
            costs; half as much again breaks the limit.""",
            most=4,
        ),
        OF_BRINGING_IN: Limit(
            """Undoing also checks that nothing of what others wrote loses its owner, row by row; half as much again
            breaks the limit.""",
            most=4,
        ),
    },
)
Acts = dict[str, tuple[float, float]]
"""For each act the milliseconds that passed, and those on a processor."""


def main(server: Postgres) -> Found:
    """Measure each act once, as in life: the tables grow from nothing."""
    content = as_file(line(number) for number in range(ROWS))
    with fresh(server) as portal:
        acts, each, plainly = measure(portal, content)
    return Found(
        [
            Table(
                ["act", "seconds", "rows a second", "ms a row on a processor"],
                [
                    (act, passed / 1000, round(ROWS * 1000 / passed), used / ROWS)
                    for act, (passed, used) in acts.items()
                ],
            ),
            f"""Each row that comes in is {each:.0f} rows of the database, which take {plainly:.2g} ms on a
            processor when they are written plainly, in pieces of {PIECE:,}.""",
        ],
        {OF_PLAIN: acts[BRING_IN][1] / ROWS / plainly, OF_BRINGING_IN: acts[UNDO][1] / acts[BRING_IN][1]},
    )


def measure(portal: Clone, content: bytes) -> tuple[Acts, float, float]:
    """Return what each act takes, how many rows one row of the file makes, and their milliseconds written plainly."""
    administrator = person("administrator")
    acts: Acts = {READ: timed(lambda: imports.upload(content=content, encoding="utf-8", by=administrator))[:2]}
    batch = ImportBatch.objects.get()
    imports.check(batch=batch, columns=guessed(batch), points="pinned", by=administrator)
    acts[COUNT] = timed(lambda: imports.work(pk=batch.pk))[:2]
    before = plain.counted(portal)
    imports.start(batch=batch, by=administrator)
    acts[BRING_IN] = timed(lambda: imports.work(pk=batch.pk))[:2]
    if (Registrant.objects.count(), Camera.objects.count()) != (ROWS, ROWS):
        raise RuntimeError("not every row came in")
    each, plainly = written_plainly(portal, plain.more(before, plain.counted(portal)))
    imports.undo(batch=batch, by=administrator)
    acts[UNDO] = timed(lambda: imports.work(pk=batch.pk))[:2]
    if Registrant.objects.exists():
        raise RuntimeError("the undoing left somebody")
    return acts, each, plainly


def written_plainly(portal: Clone, rows: plain.Rows) -> tuple[float, float]:
    """Return how many rows one row of the file makes, and the milliseconds in which they are written plainly."""
    piece = {name: count * PIECE // ROWS for name, count in rows.items()}
    with plain.again(portal, piece) as again:
        took = statistics.median(again() for _ in range(PLAIN_ROUNDS))
    return sum(rows.values()) / ROWS, took / PIECE
