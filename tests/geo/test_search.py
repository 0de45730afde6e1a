"""Search by distance on a real table, against a plain loop over all its rows."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, example, given, settings as example_settings, strategies as st

from fusus_portal.ground.geo.models import Located
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.geo.search import boxes_around, point_index, within
from tests.database.clone import Clone

BIRMINGHAM = Point(33.5186, -86.8104)
ALEUTIANS = Point(51.9, 179.99)
POLE = Point(89.9995, 20.0)
NAN = math.nan


@dataclass(frozen=True)
class Table:
    """A model with a place, and its table."""

    model: type[Located]

    @property
    def rows(self) -> models.QuerySet[Located]:
        return models.QuerySet(self.model)

    def put(self, places: list[Point]) -> list[int]:
        rows = [self.model(latitude=each.latitude, longitude=each.longitude, precision="pinned") for each in places]
        return [row.pk for row in self.rows.bulk_create(rows)]

    def within(self, center: Point, radius_m: float) -> list[int]:
        found = within(self.rows, center=center, radius_m=radius_m)
        return [row.pk for row in found]


@pytest.fixture
def table(portal_db: Clone) -> Iterator[Table]:
    with isolate_apps("fusus_portal.ground.geo"):

        class Place(Located):
            class Meta(Located.Meta):
                app_label = "geo"
                indexes = [point_index("place_point")]

        with connection.schema_editor(collect_sql=True) as editor:
            editor.create_model(Place)
        with portal_db.connect("portal_migrator") as owner:
            for statement in editor.collected_sql:
                owner.execute(statement.encode())
        yield Table(Place)


def exact_distance_m(here: Point, there: Point) -> float:
    """Angle between two unit vectors, by another formula than the product's."""

    def vector(point: Point) -> tuple[float, float, float]:
        latitude, longitude = math.radians(point.latitude), math.radians(point.longitude)
        across = math.cos(latitude)
        return across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)

    a, b = vector(here), vector(there)
    cross = (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )
    along = sum(x * y for x, y in zip(a, b, strict=True))
    return 6_371_008.8 * math.atan2(math.hypot(*cross), along)


def around(center: Point, *, degrees: float) -> st.SearchStrategy[Point]:
    """Points near a center, over the antimeridian and to the pole where that is near."""

    def place(north: float, east: float) -> Point:
        longitude = (center.longitude + east * stretch + 180) % 360 - 180
        return Point(max(-90.0, min(90.0, center.latitude + north)), longitude)

    stretch = min(1 / math.cos(math.radians(center.latitude)), 180 / degrees)
    away = st.floats(-degrees, degrees)
    return st.builds(place, away, away)


@st.composite
def searches(draw: st.DrawFn) -> tuple[Point, float, list[Point]]:
    region = draw(st.sampled_from([BIRMINGHAM, ALEUTIANS, POLE, Point(0, -180), Point(-90, 0)]))
    degrees = draw(st.sampled_from([0.01, 1.0]))
    near = around(region, degrees=degrees)
    radius_m = draw(st.floats(1, degrees * 111_195))
    return draw(near), radius_m, draw(st.lists(near, max_size=30))


@given(search=searches())
@example(search=(Point(52, 179.9999), 50.0, [Point(52, -179.9999), Point(52, 180), Point(52, -180)]))
@example(search=(Point(90, 0), 1000.0, [Point(89.995, longitude) for longitude in (0, 90, -179)]))
@example(search=(Point(0, 0), 1.0, [Point(5e-324, -5e-324), Point(1e-200, 1e-170)]))
@example_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_finds_what_a_loop_over_all_rows_finds(table: Table, search: tuple[Point, float, list[Point]]) -> None:
    center, radius_m, places = search
    with transaction.atomic():
        keys = table.put(places)
        found = table.within(center, radius_m)
        transaction.set_rollback(True)
    distances = dict(zip(keys, (exact_distance_m(center, each) for each in places), strict=True))
    rounding_m = 1e-5 + radius_m * 1e-12
    surely = {key for key, away in distances.items() if away < radius_m - rounding_m}
    perhaps = {key for key, away in distances.items() if away <= radius_m + rounding_m}
    assert surely <= set(found) <= perhaps
    in_order = [distances[key] for key in found]
    assert in_order == pytest.approx(sorted(in_order), abs=rounding_m)


def test_each_row_says_how_far_it_is(table: Table) -> None:
    table.put([BIRMINGHAM, Point(33.5196, -86.8104)])
    found = within(table.rows, center=BIRMINGHAM, radius_m=500)
    assert list(map(attrgetter("distance_m"), found)) == pytest.approx([0.0, 111.195], abs=0.001)


def test_it_narrows_the_rows_that_it_is_given(table: Table) -> None:
    first, second = table.put([BIRMINGHAM, BIRMINGHAM])
    only_second = table.rows.exclude(pk=first)
    assert [row.pk for row in within(only_second, center=BIRMINGHAM, radius_m=10)] == [second]


def test_the_index_answers(table: Table) -> None:
    table.put([Point(30 + step * 0.001, -86) for step in range(3000)])
    everything = table.rows
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = within(everything, center=Point(31, -86), radius_m=500).explain()
        across = within(everything, center=Point(31, 180), radius_m=500).explain()
    assert "place_point" in plan
    assert across.count("Bitmap Index Scan on place_point") == 2


@pytest.mark.parametrize("radius_m", [0.0, -1.0, math.nan, math.inf])
def test_a_radius_that_is_none_is_refused(radius_m: float) -> None:
    with pytest.raises(ValueError, match="not above zero"):
        within(models.QuerySet(), center=BIRMINGHAM, radius_m=radius_m)


@pytest.mark.parametrize(
    ("latitude", "longitude", "precision", "rule"),
    [
        (90.5, 0.0, "pinned", "geo_place_latitude_range"),
        (NAN, 0.0, "pinned", "geo_place_latitude_range"),
        (0.0, -180.5, "pinned", "geo_place_longitude_range"),
        (0.0, NAN, "pinned", "geo_place_longitude_range"),
        (0.0, 0.0, "guessed", "geo_place_precision_known"),
    ],
)
def test_the_database_refuses_a_place_off_the_earth(
    table: Table, latitude: float, longitude: float, precision: str, rule: str
) -> None:
    with pytest.raises(IntegrityError, match=rule):
        table.rows.create(latitude=latitude, longitude=longitude, precision=precision)


def test_a_row_knows_its_point(table: Table) -> None:
    [key] = table.put([BIRMINGHAM])
    assert table.rows.get(pk=key).point == BIRMINGHAM


@given(search=searches())
def test_the_boxes_hold_every_point_of_the_circle(
    search: tuple[Point, float, list[Point]],
) -> None:
    center, radius_m, places = search
    boxes = boxes_around(center, radius_m)
    for place in places:
        if exact_distance_m(center, place) <= radius_m:
            assert any(
                west <= place.longitude <= east and south <= place.latitude <= north
                for west, south, east, north in boxes
            )
