"""The registry's own search, beside the same rows by their keys."""

from collections.abc import Callable
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.clock import FIGURES, in_turn
from bench.county.owners import random_points, register_owners
from bench.page import Found, Limit, Section, Table
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.geo.points import Area, Point
from registry.canvasses.selectors import premises_with_cameras
from registry.places.models import Premises
from registry.rules import LARGEST_RADIUS_M

OWNERS = 1_000_000
SEARCHES = 100
WARM_UP = 20
QUARTER_M, LARGEST_M = 500.0, LARGEST_RADIUS_M
QUARTER, BY_KEY = f"{QUARTER_M:.0f} m", "the same places and cameras by their keys"
SECTION = Section(
    "The registry's own search",
    f"""What a canvass asks (`premises_with_cameras`): places within the radius that have a registered camera, with
    their cameras. {OWNERS:,} owners with one place and one camera each, in the portal's own tables; {SEARCHES}
    searches after {WARM_UP}.""",
    {
        f"the search of {QUARTER}, of {BY_KEY}": Limit(
            """Reading the same rows by their keys makes as many instances, of all columns, and finds nothing; a search
            that takes half as much again breaks the limit.""",
            most=1.3,
        ),
        "statements that read a whole table": Limit(
            "A statement that reads a whole table takes longer with each registration.", most=0
        ),
    },
)


def main(server: Postgres) -> Found:
    """Compare the search with reading the same rows by their keys, and count the tables that it reads in whole."""
    with fresh(server) as portal:
        register_owners(portal, random_points(1, OWNERS))
        questions = random_points(2, WARM_UP + SEARCHES)
        ways = {
            QUARTER: search_within(QUARTER_M),
            BY_KEY: read_by_key(questions),
            f"{LARGEST_M:.0f} m, the largest canvass": search_within(LARGEST_M),
        }
        timings = in_turn(ways, questions, warm_up=WARM_UP)
        plans = explained(questions[0])
    return Found(
        [
            Table(
                ["radius", "places found, mean", *FIGURES],
                [(name, round(sum(one.found) / SEARCHES), *one.figures) for name, one in timings.items()],
            )
        ],
        {
            f"the search of {QUARTER}, of {BY_KEY}": timings[QUARTER].of(timings[BY_KEY]),
            "statements that read a whole table": sum("Seq Scan" in plan for plan in plans),
        },
    )


def search_within(radius_m: float) -> Callable[[Point], int]:
    """Return the search of one radius."""
    return lambda center: len(premises_with_cameras(Area(center, radius_m)))


def read_by_key(questions: list[Point]) -> Callable[[Point], int]:
    """Return what reads the places that the search of 500 m finds, and their cameras, by primary and foreign keys."""
    keys: dict[Point, list[UUID]] = {
        center: [place.pk for place in premises_with_cameras(Area(center, QUARTER_M))] for center in questions
    }
    return lambda center: len(Premises.objects.filter(pk__in=keys[center]).prefetch_related("cameras"))


def explained(center: Point) -> list[str]:
    """Return PostgreSQL's plan of each statement of one search."""
    with CaptureQueriesContext(connection) as captured:
        premises_with_cameras(Area(center, QUARTER_M))
    plans = []
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}".replace("%", "%%"))
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    return plans
