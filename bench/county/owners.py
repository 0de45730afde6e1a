"""Places in a county, and owners registered there by the million."""

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import psycopg

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point
from tests.database.clone import Clone

WEST, SOUTH, EAST, NORTH = -87.19, 33.31, -86.61, 33.79
"""A box in Jefferson County, Alabama, of about its size: 54 by 53 km."""

PLACES = """
CREATE TEMPORARY TABLE place (
    latitude float8, longitude float8,
    account uuid DEFAULT gen_random_uuid(), registrant uuid DEFAULT gen_random_uuid(),
    premises uuid DEFAULT gen_random_uuid(), camera uuid DEFAULT gen_random_uuid()
)"""
OWNERS: dict[str, dict[str, str]] = {
    "accounts_user": {
        "id": "account",
        "email": "account || '@people.example'",
        "password": "'!'",
        "role": "'resident'",
        "name": "'Owner'",
        "language": "'en'",
        "is_active": "true",
    },
    "registry_registrant": {
        "id": "registrant",
        "user_id": "account",
        "reference": "'G-' || left(md5(registrant::text), 14)",
        "kind": "'person'",
        "name": "'Owner'",
        "phone": "'205-555-0117'",
        "language": "'en'",
        "contact_way": "'email'",
    },
    "registry_premises": {
        "id": "premises",
        "registrant_id": "registrant",
        "kind": "'home'",
        "street": "'600 20th Street North'",
        "city": "'Birmingham'",
        "state": "'AL'",
        "zip_code": "'35203'",
        "county_fips": "'01073'",
        "latitude": "latitude",
        "longitude": "longitude",
        "precision": "'pinned'",
        "is_listed": "true",
    },
    "registry_camera": {
        "id": "camera",
        "premises_id": "premises",
        "name": "'Front door'",
        "kind": "'doorbell'",
        "covers": "'Street and sidewalk'",
    },
}
"""For each table what is in its columns. Others that need a value are empty, false or now."""

EMPTY = {"character varying": "''", "text": "''", "boolean": "false", "timestamp with time zone": "now()"}
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
"""Those that belong to no constraint."""

NEEDED = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
"""


def random_points(seed: int, count: int) -> list[Point]:
    """Return places anywhere in the box, the same for the same seed."""
    made = random.Random(seed)
    return [Point(made.uniform(SOUTH, NORTH), made.uniform(WEST, EAST)) for _ in range(count)]


def spread(center: Point, count: int, *, reach_m: float = 250.0) -> list[Point]:
    """Return so many places on a line to the north, the farthest `reach_m` meters away."""
    reach = reach_m / METERS_PER_DEGREE
    return [Point(center.latitude + reach * number / count, center.longitude) for number in range(count)]


def register_owners(portal: Clone, points: Iterable[Point]) -> None:
    """Put one owner with one camera at each point, past the services: a million of them would take hours."""
    with portal.connect() as superuser:
        superuser.execute(PLACES)
        with superuser.cursor().copy("COPY place (latitude, longitude) FROM STDIN") as copy:
            for point in points:
                copy.write_row((point.latitude, point.longitude))
        with filling(superuser, *OWNERS):
            for table, given in OWNERS.items():
                fill(superuser, table, given, source="place")
        superuser.execute("DROP TABLE place")


@contextmanager
def filling(superuser: psycopg.Connection, *tables: str) -> Iterator[None]:
    """Let rows be written without triggers, since what they refer to is right by construction, and index them after."""
    indexes = superuser.execute(INDEXES, [list(tables)]).fetchall()
    superuser.execute("SET session_replication_role = replica")
    for name, _definition in indexes:
        superuser.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        superuser.execute(definition)
    superuser.execute("SET session_replication_role = origin")
    superuser.execute(f"VACUUM ANALYZE {', '.join(tables)}")


def fill(superuser: psycopg.Connection, table: str, given: Mapping[str, str], *, source: str) -> None:
    """Insert one row for each row of a source: SQL by column, and nothing in what else needs a value."""
    needed = superuser.execute(NEEDED, [table]).fetchall()
    columns = {column: EMPTY[kind] for column, kind in needed if column not in given} | dict(given)
    names, values = ", ".join(columns), ", ".join(columns.values())
    superuser.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {source}")  # noqa: S608
