"""How long it takes to find the cameras within 500 m of a point, among 1,000,000.

Run by `make bench`, alone by `python -m bench.cameras_within`. BENCH_DATABASE_URL names a server
where a scratch database may be made; without it the embedded one of the tests is started. With
POSTGIS_URL the same points are put into a scratch database there, and asked in PostGIS's own way.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fusus_portal.settings.test")

import django

django.setup()

from django.db import connection, models  # noqa: E402

from fusus_portal.demo import servers  # noqa: E402
from fusus_portal.geo import Point, point_index, within  # noqa: E402
from fusus_portal.geo.models import Located  # noqa: E402

CHECKOUT = Path(__file__).resolve().parents[1]
SCRATCH = "portal_bench_cameras"
CAMERAS = 1_000_000
SEARCHES = 400
WARM_UP = 50
RADIUS_M = 500.0
BAR_MS = 3.0
WEST, SOUTH, EAST, NORTH = -87.19, 33.31, -86.61, 33.79
"""A box in Jefferson County, Alabama, of about its size: 54 by 53 km."""


class BenchCamera(Located):
    """A camera as the registry places it; its index is made once it is filled."""

    class Meta(Located.Meta):
        app_label = "geo"
        managed = False
        db_table = "bench_camera"


@dataclass(frozen=True)
class Timing:
    """One row of the table: milliseconds and rows found for each search."""

    way: str
    milliseconds: list[float]
    found: list[int]

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def late(self) -> float:
        """The 95th percentile."""
        return statistics.quantiles(self.milliseconds, n=20)[18]

    def __str__(self) -> str:
        rows = statistics.mean(self.found)
        return f"| {self.way} | {rows:.0f} | {self.median:.2f} | {self.late:.2f} |"


def main() -> int:
    with server() as url:
        timings = ours(url)
    if "POSTGIS_URL" in os.environ:
        timings += postgis(os.environ["POSTGIS_URL"])
    print("| way | rows found, mean | median ms | 95th percentile ms |\n| --- | --- | --- | --- |")
    for timing in timings:
        print(timing)
    reference = min((each.median for each in timings if "PostGIS" in each.way), default=BAR_MS)
    return 0 if timings[0].median <= reference else 1


@contextmanager
def server() -> Iterator[str]:
    """Offer the address of a server's own database, as its superuser."""
    if "BENCH_DATABASE_URL" in os.environ:
        yield os.environ["BENCH_DATABASE_URL"]
        return
    running = servers.start_for_tests(CHECKOUT)
    try:
        assert running.postgres is not None
        yield running.postgres.address("postgres", "postgres")
    finally:
        running.leave()


@contextmanager
def scratch(url: str) -> Iterator[psycopg.Connection]:
    """Make a database of that name, and drop it at the end."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)".encode())
        admin.execute(f"CREATE DATABASE {SCRATCH}".encode())
        try:
            there = psycopg.conninfo.make_conninfo(url, dbname=SCRATCH)
            with psycopg.connect(there, autocommit=True) as database:
                yield database
        finally:
            connection.close()
            admin.execute(f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)".encode())


def random_points(seed: int, count: int) -> list[Point]:
    made = random.Random(seed)
    return [Point(made.uniform(SOUTH, NORTH), made.uniform(WEST, EAST)) for _ in range(count)]


def fill(database: psycopg.Connection, table: str) -> None:
    with database.cursor().copy(f"COPY {table} (latitude, longitude, precision) FROM STDIN".encode()) as copy:
        for point in random_points(1, CAMERAS):
            copy.write_row((point.latitude, point.longitude, "pinned"))


def timed(way: str, search: Callable[[Point], int]) -> Timing:
    """Ask from the same random places, after some that only warm the caches."""
    milliseconds, found = [], []
    for number, center in enumerate(random_points(2, WARM_UP + SEARCHES)):
        started = time.perf_counter()
        rows = search(center)
        if number >= WARM_UP:
            milliseconds.append((time.perf_counter() - started) * 1000)
            found.append(rows)
    return Timing(way, milliseconds, found)


def ours(url: str) -> list[Timing]:
    with scratch(url) as database:
        use(database)
        with connection.schema_editor() as editor:
            editor.create_model(BenchCamera)
        fill(database, "bench_camera")
        with connection.schema_editor() as editor:
            editor.add_index(BenchCamera, point_index("bench_camera_point"))
        database.execute("VACUUM ANALYZE bench_camera")
        return [
            timed("ours, statement of `within()` by psycopg", by_psycopg(database)),
            timed("ours, `within()` by the Django ORM", by_orm),
        ]


def use(database: psycopg.Connection) -> None:
    """Point Django at the scratch database."""
    info = database.info
    connection.settings_dict.update(
        NAME=info.dbname,
        USER=info.user,
        PASSWORD=info.password,
        HOST=info.host,
        PORT=str(info.port),
    )


def query(center: Point) -> models.QuerySet[BenchCamera]:
    return within(models.QuerySet(BenchCamera), center=center, radius_m=RADIUS_M)


def by_psycopg(database: psycopg.Connection) -> Callable[[Point], int]:
    """The statement is compiled before the clock starts, so only the database is measured."""
    compiled = {center: query(center).query.sql_with_params() for center in random_points(2, WARM_UP + SEARCHES)}
    cursor = psycopg.ClientCursor(database)

    def search(center: Point) -> int:
        statement, parameters = compiled[center]
        return len(cursor.execute(statement.encode(), parameters).fetchall())

    return search


def by_orm(center: Point) -> int:
    return len(query(center))


def postgis(url: str) -> list[Timing]:
    with scratch(url) as database:
        database.execute("CREATE EXTENSION postgis")
        database.execute(
            "CREATE TABLE bench_camera (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            " latitude float8 NOT NULL, longitude float8 NOT NULL, precision varchar(7) NOT NULL,"
            " place geography(Point, 4326))"
        )
        fill(database, "bench_camera")
        database.execute("UPDATE bench_camera SET place = ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)")
        database.execute("CREATE INDEX bench_camera_place ON bench_camera USING gist (place)")
        database.execute("VACUUM FULL ANALYZE bench_camera")
        return [
            timed(f"PostGIS, {name}", by_postgis(database, use_spheroid=spheroid))
            for name, spheroid in (("sphere", False), ("spheroid", True))
        ]


def by_postgis(database: psycopg.Connection, *, use_spheroid: bool) -> Callable[[Point], int]:
    cursor = psycopg.ClientCursor(database)
    statement = """
        SELECT id, latitude, longitude, precision,
               ST_Distance(place, here, %(spheroid)s) AS distance_m
        FROM bench_camera, CAST(ST_MakePoint(%(longitude)s, %(latitude)s) AS geography) AS here
        WHERE ST_DWithin(place, here, %(radius)s, %(spheroid)s) ORDER BY distance_m, id"""

    def search(center: Point) -> int:
        parameters = {
            "longitude": center.longitude,
            "latitude": center.latitude,
            "radius": RADIUS_M,
            "spheroid": use_spheroid,
        }
        return len(cursor.execute(statement, parameters).fetchall())

    return search


if __name__ == "__main__":
    sys.exit(main())
