"""A canvass of a dense quarter, beside the rows that it writes."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.clock import timed
from bench.county.owners import register_owners, spread
from bench.page import Found, Limit, Section, Table
from bench.peers import plain
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from registry.canvasses.models import Canvass
from registry.canvasses.services import canvasses
from tests.factories import LINN_PARK, draft_of, incident_at

FEW, MANY = 50, 5_000
ROUNDS = 3
WRITTEN, COMMITTED = "send: all is written", "send: commit, tell the workers"
FLAT = f"acts with another number of queries for {MANY:,} owners"
QUERIES = "queries of an act, at most"
OF_PLAIN = f"sending to {MANY:,}, of the same rows written plainly"
QUERIES_WHY = """An act that took a query for each owner would hold its locks for minutes in a dense quarter, and 24 is
what sending takes today."""
SECTION = Section(
    "A canvass of 5,000 owners",
    f"""{MANY:,} owners with one camera each, all within 250 m, and the same with {FEW}. Medians of {ROUNDS}
    canvasses. What differs between rows goes to PostgreSQL as one array for each column and what is shared as one
    value, without an instance of a model for each row; the guard of the database looks at all cameras of a
    statement at once. Telling the workers is one call to the queue for 500 messages, after the commit.""",
    {
        FLAT: Limit(QUERIES_WHY, most=0),
        QUERIES: Limit(QUERIES_WHY, most=24),
        OF_PLAIN: Limit(
            """Sending finds, checks, words and records what it writes, and writes it in large statements, which
            saves as much as the rest costs; half as much again breaks the limit.""",
            most=2,
        ),
    },
)
Cost = dict[str, tuple[float, ...]]
"""For each act its queries, and its median milliseconds: passed, and on a processor."""
Times = dict[str, list[tuple[float, float]]]


def main(server: Postgres) -> Found:
    """Measure each act with 50 owners and with 5,000, and sending beside the rows that it writes."""
    few, _rows, _of_plain = cost(server, FEW)
    many, rows, of_plain = cost(server, MANY)
    return Found(
        [
            Table(
                ["act", "queries", "median ms", "on a processor", f"queries, {FEW}", f"median ms, {FEW}"],
                [(act, *many[act], *few[act][:2]) for act in many],
            ),
            f"Sending writes {sum(rows.values()):,} rows in one transaction.",
        ],
        {
            FLAT: sum(few[act][0] != queries for act, (queries, *_) in many.items()),
            QUERIES: max(queries for queries, *_ in many.values()),
            OF_PLAIN: of_plain,
        },
    )


def cost(server: Postgres, owners: int) -> tuple[Cost, plain.Rows, float]:
    """Measure the acts in a database with so many owners.

    Return their queries and median times, the rows that sending writes, and how many times as long as these it takes.
    """
    queries: dict[str, int] = {}
    times: Times = defaultdict(list)
    with fresh(server) as portal:
        register_owners(portal, spread(LINN_PARK, owners))
        before: plain.Rows = {}
        for act, run in acts():
            if act == WRITTEN:
                before = plain.counted(portal)
            with CaptureQueriesContext(connection) as captured:
                run()
            queries[act] = len(captured)
            if act == COMMITTED:
                rows = plain.more(before, plain.counted(portal))
        with plain.again(portal, rows) as again:
            ratios = [written / again() for written in rounds(times)]
    medians = {act: tuple(map(statistics.median, zip(*found, strict=True))) for act, found in times.items()}
    return {act: (queries[act], *medians[act]) for act in times}, rows, statistics.median(ratios)


def rounds(times: Times) -> Iterator[float]:
    """Time all acts, round by round; yield the milliseconds on a processor in which everything was written."""
    for _ in range(ROUNDS):
        for act, run in acts():
            passed, processor, _answer = timed(run)
            times[act].append((passed, processor))
        yield times[WRITTEN][-1][1]


def acts() -> list[tuple[str, Callable[[], object]]]:
    """Return the acts of one canvass of a new incident, to be run in this order."""
    incident = incident_at()
    drawn: list[Canvass] = []
    sending = transaction.atomic()

    def send() -> None:
        sending.__enter__()
        canvasses.send(canvass=drawn[0], by=drawn[0].created_by)

    return [
        ("draft", lambda: drawn.append(draft_of(incident))),
        ("show the draft", lambda: canvasses.show(canvass=drawn[0], by=drawn[0].created_by)),
        (WRITTEN, send),
        (COMMITTED, lambda: sending.__exit__(None, None, None)),
        ("show what was sent", lambda: canvasses.show(canvass=drawn[0], by=drawn[0].created_by)),
        ("close", lambda: canvasses.close(canvass=drawn[0], by=drawn[0].created_by)),
    ]
