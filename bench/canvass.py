"""A canvass of a dense quarter: 5,000 owners are found, shown, asked and let go; and the same with 50."""

import statistics
from collections import defaultdict
from collections.abc import Callable

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.county import register_owners, spread
from bench.portal import fresh
from bench.timing import milliseconds, table
from fusus_portal.demo.servers.postgres import Postgres
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.services import canvasses
from tests.factories import LINN_PARK, draft_of, incident_at

FEW, MANY = 50, 5_000
ROUNDS = 5
MOST_QUERIES = 40
MOST_MS_WRITTEN = 3_000.0
WRITTEN = "send: all is written"
Cost = dict[str, tuple[int, float]]
"""For each act its queries and its milliseconds."""


def main(server: Postgres) -> bool:
    """Return whether each act takes as many queries for 5,000 owners as for 50, at most 40, and sending below 3 s."""
    few, many = cost(server, FEW), cost(server, MANY)
    table(
        f"A canvass of {FEW} and of {MANY:,} owners of one camera each",
        ["act", f"queries, {FEW}", f"queries, {MANY:,}", f"median ms, {FEW}", f"median ms, {MANY:,}"],
        [(act, few[act][0], many[act][0], few[act][1], many[act][1]) for act in many],
    )
    constant = all(few[act][0] == queries <= MOST_QUERIES for act, (queries, _) in many.items())
    return constant and many[WRITTEN][1] < MOST_MS_WRITTEN


def cost(server: Postgres, owners: int) -> Cost:
    """Return the queries and the median time of each act, in a database with so many owners."""
    queries: dict[str, int] = {}
    times: dict[str, list[float]] = defaultdict(list)
    with fresh(server) as portal:
        register_owners(portal, spread(LINN_PARK, owners))
        for act, run in walk():
            with CaptureQueriesContext(connection) as captured:
                run()
            queries[act] = len(captured)
        for _ in range(ROUNDS):
            for act, run in walk():
                times[act].append(milliseconds(run))
    return {act: (queries[act], statistics.median(times[act])) for act in times}


def walk() -> list[tuple[str, Callable[[], object]]]:
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
        ("send: commit, tell the workers", lambda: sending.__exit__(None, None, None)),
        ("show what was sent", lambda: canvasses.show(canvass=drawn[0], by=drawn[0].created_by)),
        ("close", lambda: canvasses.close(canvass=drawn[0], by=drawn[0].created_by)),
    ]
