"""How long the registry's own search takes with 1,000,000 registered cameras, and how PostgreSQL runs it."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.county import random_points, register_owners
from bench.portal import fresh
from bench.timing import in_turn, table
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.geo import Area, Point
from registry.canvasses.selectors.search import premises_with_cameras
from registry.rules import LARGEST_RADIUS_M

OWNERS = 1_000_000
SEARCHES = 100
WARM_UP = 20
QUARTER_M, LARGEST_M = 500.0, LARGEST_RADIUS_M


def main(server: Postgres) -> bool:
    """Return whether no statement of the search reads a whole table."""
    with fresh(server) as portal:
        register_owners(portal, random_points(1, OWNERS))
        questions = random_points(2, WARM_UP + SEARCHES)
        ways = {"500 m": search_within(QUARTER_M), "642 m, the largest canvass": search_within(LARGEST_M)}
        timings = in_turn(ways, questions, warm_up=WARM_UP)
        plans = explained(questions[0])
    table(
        "`premises_with_cameras` among 1,000,000 cameras of as many owners",
        ["radius", "premises found, mean", "median ms", "95th percentile ms"],
        [(name, round(sum(timing.found) / SEARCHES), timing.median, timing.late) for name, timing in timings.items()],
    )
    for plan in plans:
        print(f"\n{plan}")
    return not any("Seq Scan" in plan for plan in plans)


def search_within(radius_m: float) -> Callable[[Point], int]:
    """Return the search of one radius."""
    return lambda center: len(premises_with_cameras(Area(center, radius_m)))


def explained(center: Point) -> list[str]:
    """Return PostgreSQL's plan of each statement of one search, run with the clock on."""
    with CaptureQueriesContext(connection) as captured:
        premises_with_cameras(Area(center, QUARTER_M))
    plans = []
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {query['sql']}".replace("%", "%%"))
            plans.append("\n".join(line[:160] for (line,) in cursor.fetchall()))
    return plans
