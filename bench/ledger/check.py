"""The checks of the log: of what is new, in a small log and in a large one; and of all of it, for each entry."""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from unittest.mock import patch

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from audit.ledger import keys, sealer
from audit.ledger.checks import runs
from audit.ledger.models import Checkpoint
from audit.ledger.notes import Signer
from audit.ledger.tree.leaves import written_entries
from audit.ledger.tree.merkle import leaf_hash
from bench.clock import FIGURES, Pair, Timing, beside, timed
from bench.ledger.search import CLOSED, OPEN
from bench.page import Found, Limit, Section, Table
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.database.address import connection_settings
from fusus_portal.ground.database.owner import signed_in
from tests.database.clone import Clone

SMALL, LARGE, ASKED = 100_000, 1_000_000, 200_000_000
CAMERAS, NEW = 20_000, 2_000
HOURS, ROUNDS = 6, 3
PAGE = 8_192
HOUR = 3_600_000
"""Milliseconds."""

SHARE = runs.SECONDS / 600
"""Part of each ten minutes during which the check of the whole log works."""

NEW_BAR = f"what is new, in {LARGE:,} entries, of the same in {SMALL:,}"
LINEAR_BAR = f"all, an entry, of {LARGE:,}, of the same of {SMALL:,}"
READ_BAR = "all, of reading and hashing each row"
SECTION = Section(
    "Checking the log",
    f"""The hourly check looks at {NEW:,} new entries, {HOURS} times, in a log of {SMALL:,} and again once it has
    {LARGE:,}, of {CAMERAS:,} cameras; the nightly one at all of it, {ROUNDS} times, in turn with reading each row as
    the bytes that were sealed and hashing them, which is the least that a check can do. The rows are written past the
    guard, and sealed by the sealer's own rounds. What either finds, and by when, is in
    docs/decisions/audit/ledger-checks.md.""",
    {
        NEW_BAR: Limit(
            """The hourly check looks at what is new and at one number of each camera. In ten times as long a log these
            are in larger indexes, and fewer of them in memory; that may cost three quarters more, and half as much
            again breaks the limit.""",
            most=2.6,
        ),
        LINEAR_BAR: Limit(
            """An entry costs the nightly check the same in a longer log, or nothing could be said of one of
            200,000,000.""",
            most=1.3,
        ),
        READ_BAR: Limit(
            """A check also reads and hashes what was sealed, compares both, and looks for each row's place and each
            camera's numbers; half as much again breaks the limit.""",
            most=2.2,
        ),
    },
)
ROWS = """
INSERT INTO audit_entry (id, at, nonce, event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in,
                         subject_kind, subject_id, incident_id, camera_id, camera_number, offence_type, premises_type,
                         area, facts)
SELECT n, now(), substring(sha256(n::text::bytea) FOR 16), 'registry:camera:show', 'done', 'user',
       md5('deputy' || n / 25 % 200)::uuid::text, 'deputy', 'Deputy K7Q2',
       md5('in' || n / 500) || md5('out' || n / 500), 'camera', camera::text,
       md5('incident' || n / 125)::uuid, camera, (n - 1) / {cameras} + 1, 'burglary', 'home',
       (35200 + n / 40 % 60)::text, jsonb_build_object('canvass', md5('canvass' || n / 125)::uuid::text)
FROM (SELECT n, md5('camera' || n % {cameras})::uuid AS camera FROM generate_series({first}, {last}) AS n) AS act;
INSERT INTO audit_pending SELECT generate_series({first}, {last});
INSERT INTO audit_counter SELECT camera_id, max(camera_number) FROM audit_entry
 WHERE id BETWEEN {first} AND {last} GROUP BY camera_id ON CONFLICT (camera) DO UPDATE SET last = excluded.last
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Times of the two checks in a log of one size: of its new entries, and of the whole log."""

    new: Timing
    whole: Pair


class Log:
    """A log whose entries are written past the database's guards, and sealed by the real sealer."""

    def __init__(self, portal: Clone) -> None:
        self.portal = portal
        self.signer: Signer = keys.made("bench.example/ledger")
        self.size = 0

    def grow(self, size: int) -> None:
        """Write entries up to so many, and seal them."""
        with self.portal.connect() as superuser:
            superuser.execute(OPEN)
            superuser.execute(ROWS.format(first=self.size + 1, last=size, cameras=CAMERAS))
            superuser.execute(CLOSED)
            if size - self.size > NEW:
                superuser.execute("VACUUM ANALYZE audit_entry, audit_counter")
        connection.close()
        with signed_in(connection_settings("bench", self.portal.address("portal_sealer"))):
            keys.must_be_in_use(self.signer)
            edge, taken = sealer.load_edge(), 1
            while taken:
                edge, taken = sealer.seal_round(edge, self.signer)
        self.size = size


def main(server: Postgres) -> Found:
    """Measure both checks in a small log, and again once it has grown."""
    with (
        patch("audit.ledger.checks.runs.snapshot", counted),
        patch("audit.ledger.checks.runs.snapshot", counted),
        patch("audit.ledger.checks.runs.SECONDS", inf),
        fresh(server) as portal,
    ):
        log = Log(portal)
        small, large = (measured(log, size) for size in (SMALL, LARGE))
    clock = large.whole.own.median / LARGE
    processor = statistics.median(large.whole.own.processor) / LARGE
    return Found(
        [
            Table(
                ["check", "entries in the log", *FIGURES],
                [
                    *((f"what is new, {NEW:,} entries", size, *one.new.figures) for size, one in by_size(small, large)),
                    *(("all", size, *one.whole.own.figures) for size, one in by_size(small, large)),
                    *(("reading, hashing", size, *one.whole.reference.figures) for size, one in by_size(small, large)),
                ],
            ),
            f"""A log of {ASKED:,} entries was not measured. Extrapolated from an entry in that of {LARGE:,}, which took
            {processor * 1000:.0f} µs on a processor and {clock * 1000:.0f} by the clock, its nightly check takes
            {processor * ASKED / HOUR:.1f} hours of one processor, and {clock * ASKED / HOUR:.1f} by the clock where as
            much else is running. It is done {clock * ASKED / HOUR / SHARE:.1f} hours after it began, since it works for
            {SHARE * 10:.0f} minutes of each ten.""",
        ],
        {
            NEW_BAR: statistics.median(large.new.processor) / statistics.median(small.new.processor),
            LINEAR_BAR: (large.whole.ratio) / (small.whole.ratio),
            READ_BAR: large.whole.ratio,
        },
    )


def by_size(small: Measured, large: Measured) -> Iterator[tuple[int, Measured]]:
    """Yield each measurement with the number of entries in its log."""
    yield from ((SMALL, small), (LARGE, large))


def measured(log: Log, size: int) -> Measured:
    """Let the log grow; check all of it, and then what is new, hour by hour."""
    log.grow(size)
    all_of_it = beside(found_nothing(check_whole), read_and_hash, warm_up=0, rounds=ROUNDS)
    new = Timing()
    for _hour in range(HOURS):
        log.grow(log.size + NEW)
        passed, processor, _answer = timed(found_nothing(runs.check_new))
        new.milliseconds.append(passed)
        new.processor.append(processor)
    return Measured(new, all_of_it)


def check_whole() -> int:
    """Check the whole log."""
    return runs.check_whole(at_once=True)


def found_nothing(check: Callable[[], int]) -> Callable[[], None]:
    """Return a check that fails where it finds something: then it ends early."""

    def checked() -> None:
        if check():
            raise ValueError("the log of the benchmark is not whole")

    return checked


@contextmanager
def counted() -> Iterator[CursorWrapper]:
    """Offer a snapshot of the database on Django's own connection, so that its processor time is counted."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield cursor


def read_and_hash() -> None:
    """Read each row as the bytes that were sealed, and hash them."""
    last = Checkpoint.objects.order_by("-size").values_list("size", flat=True)[0]
    with connection.cursor() as cursor:
        for first in range(1, last + 1, PAGE):
            for _entry, content in written_entries(cursor, range(first, min(first + PAGE, last + 1))):
                leaf_hash(content)
