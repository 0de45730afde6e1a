"""Cameras within 500 m of a point, beside the same rows by their keys and PostGIS."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, models

from bench.clock import FIGURES, in_turn
from bench.county.owners import random_points
from bench.page import Found, Limit, Section, Table
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.database.address import connection_settings
from fusus_portal.ground.geo.models import Located
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.geo.search import point_index, within

SCRATCH = "portal_bench_cameras"
CAMERAS = 1_000_000
SEARCHES = 400
WARM_UP = 50
RADIUS_M = 500.0

STATEMENT, ORM = "`within()`, its statement alone", "`within()` by the Django ORM"
BY_KEY = "the same rows by their keys"
SPHERE, SPHEROID = "PostGIS, sphere", "PostGIS, spheroid"
BESIDE_POSTGIS = Limit("PostGIS is the usual answer, and ours is to be no slower.", most=1, needs="`POSTGIS_URL`")
SECTION = Section(
    "Cameras within 500 m",
    f"""{CAMERAS:,} cameras at random places in a box of 54 by 53 km in Jefferson County, Alabama; {SEARCHES}
    searches of {RADIUS_M:.0f} m around other random places, after {WARM_UP} that only warm the caches. Each fetches
    all rows found, the nearest first, with their distance, and is asked in every way before the next. The ORM adds
    what Django needs to compile the statement and to make an instance of each row. PostGIS is measured where
    `POSTGIS_URL` names a server that has it, and ours on that server; its spheroid finds some rows more, since the
    two shapes of the earth differ by up to 0.3 %. docs/decisions/ground/places.md says how the index works, and how to
    measure PostGIS.""",
    {
        f"{STATEMENT}, of {BY_KEY}": Limit(
            """Keys are looked up one by one, an area in one walk, whose rows are measured and sorted besides; half as
            much again breaks the limit.""",
            most=1.15,
        ),
        f"{STATEMENT}, of {SPHERE}": BESIDE_POSTGIS,
        f"{STATEMENT}, of {SPHEROID}": BESIDE_POSTGIS,
    },
)

BY_KEY_SEARCH = "SELECT id, latitude, longitude, precision FROM bench_camera WHERE id = ANY(%s)"
GEOGRAPHY = """
CREATE EXTENSION postgis;
CREATE TABLE bench_geography (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    latitude float8 NOT NULL, longitude float8 NOT NULL, precision varchar(7) NOT NULL,
    place geography(Point, 4326) NOT NULL
        GENERATED ALWAYS AS (CAST(ST_SetSRID(ST_MakePoint(longitude, latitude), 4326) AS geography)) STORED
)"""
GEOGRAPHY_SEARCH = """
SELECT id, latitude, longitude, precision, ST_Distance(place, here, %(spheroid)s) AS distance_m
FROM bench_geography, CAST(ST_SetSRID(ST_MakePoint(%(longitude)s, %(latitude)s), 4326) AS geography) AS here
WHERE ST_DWithin(place, here, %(radius)s, %(spheroid)s) ORDER BY distance_m, id"""


class BenchCamera(Located):
    """A camera as the registry places it; its index is made once it is filled."""

    class Meta(Located.Meta):
        app_label = "geo"
        managed = False
        db_table = "bench_camera"


def main(server: Postgres) -> Found:
    """Compare ours with PostGIS, where there is one, and with reading the same rows by their keys."""
    url = os.environ.get("POSTGIS_URL")
    questions = random_points(2, WARM_UP + SEARCHES)
    with scratch(url or server.address("postgres", "postgres")) as database:
        ways = ours(database, questions) | (postgis(database) if url else {})
        timings = in_turn(ways, questions, database, warm_up=WARM_UP)
        version = database.info.server_version // 10000
    ratios = {name: timings[STATEMENT].of(one) for name, one in timings.items() if name not in {STATEMENT, ORM}}
    return Found(
        [
            f"By PostgreSQL {version}:",
            Table(
                ["way", "rows found, all searches", *FIGURES, "of `within()`"],
                [(name, sum(one.found), *one.figures, one.of(timings[STATEMENT])) for name, one in timings.items()],
            ),
        ],
        {f"{STATEMENT}, of {name}": ratio for name, ratio in ratios.items()},
    )


@contextmanager
def scratch(url: str) -> Iterator[psycopg.Connection]:
    """Make a database, point Django at it, and drop it at the end."""
    here = psycopg.conninfo.make_conninfo(url, dbname=SCRATCH)
    saved = dict(connection.settings_dict)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)".encode())
        admin.execute(f"CREATE DATABASE {SCRATCH}".encode())
        try:
            connection.settings_dict.update(connection_settings("POSTGIS_URL", here))
            with psycopg.connect(here, autocommit=True) as database:
                yield database
        finally:
            connection.close()
            connection.settings_dict.update(saved)
            admin.execute(f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)".encode())


def fill(database: psycopg.Connection, name: str) -> None:
    """Put the same cameras, in the same order, into a table."""
    with database.cursor().copy(f"COPY {name} (latitude, longitude, precision) FROM STDIN".encode()) as copy:
        for point in random_points(1, CAMERAS):
            copy.write_row((point.latitude, point.longitude, "pinned"))


def ours(database: psycopg.Connection, questions: list[Point]) -> dict[str, Callable[[Point], int]]:
    """Return the product's search, as a statement and through the ORM."""
    with connection.schema_editor() as editor:
        editor.create_model(BenchCamera)
    fill(database, "bench_camera")
    with connection.schema_editor() as editor:
        editor.add_index(BenchCamera, point_index("bench_camera_point"))
    database.execute("VACUUM ANALYZE bench_camera")
    return {
        STATEMENT: by_statement(database, questions),
        ORM: lambda center: len(query(center)),
        BY_KEY: by_key(database, questions),
    }


def by_key(database: psycopg.Connection, questions: list[Point]) -> Callable[[Point], int]:
    """Return what reads the rows that the search finds, in no order, by their primary keys."""
    keys = {center: list(query(center).values_list("pk", flat=True)) for center in questions}
    cursor = psycopg.ClientCursor(database)
    return lambda center: len(cursor.execute(BY_KEY_SEARCH, [keys[center]]).fetchall())


def query(center: Point) -> models.QuerySet[BenchCamera]:
    """Return the question as the product asks it."""
    return within(models.QuerySet(BenchCamera), center=center, radius_m=RADIUS_M)


def by_statement(database: psycopg.Connection, questions: list[Point]) -> Callable[[Point], int]:
    """The statements are compiled before the clock starts, so that only the database is measured."""
    compiled = {center: query(center).query.sql_with_params() for center in questions}
    cursor = psycopg.ClientCursor(database)

    def search(center: Point) -> int:
        statement, parameters = compiled[center]
        return len(cursor.execute(statement.encode(), parameters).fetchall())

    return search


def postgis(database: psycopg.Connection) -> dict[str, Callable[[Point], int]]:
    """Return PostGIS's own way: an indexed geography, on a sphere and on the spheroid."""
    database.execute(GEOGRAPHY)
    fill(database, "bench_geography")
    database.execute("CREATE INDEX bench_geography_place ON bench_geography USING gist (place)")
    database.execute("VACUUM ANALYZE bench_geography")
    cursor = psycopg.ClientCursor(database)

    def search(center: Point, *, spheroid: bool) -> int:
        here = {"longitude": center.longitude, "latitude": center.latitude}
        asked = here | {"radius": RADIUS_M, "spheroid": spheroid}
        return len(cursor.execute(GEOGRAPHY_SEARCH, asked).fetchall())

    return {
        SPHERE: lambda center: search(center, spheroid=False),
        SPHEROID: lambda center: search(center, spheroid=True),
    }
