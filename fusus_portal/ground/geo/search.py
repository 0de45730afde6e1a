"""Search for rows in a circle or polygon, in core PostgreSQL: an index finds rows in a box, then each is checked."""

import math
from typing import TypeVar, cast

from django.contrib.postgres.indexes import SpGistIndex
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Value
from django.db.models.functions import ASin, Cast, Least, Power, Radians, Sin, Sqrt

from fusus_portal.ground.geo.points import EARTH_RADIUS_M, Area, Point

Row = TypeVar("Row", bound=models.Model)

BOX_MARGIN = 1e-9
"""Degrees added on each side of a search's box (0.1 mm), far above its rounding errors."""


class _Shape(models.Field):  # type: ignore[type-arg]
    def __init__(self, name: str) -> None:
        super().__init__()
        self.type_name = name

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return self.type_name


class PlanePoint(Func):
    """SQL point(longitude, latitude); public because migrations name it in indexes."""

    function = "point"
    arity = 2
    output_field = _Shape("point")


class PlaneBox(Func):
    """SQL box(point, point); public because migrations name it in indexes."""

    function = "box"
    arity = 2
    output_field = _Shape("box")


def compared(one: models.Expression, operator: str, other: models.Expression) -> Func:
    """Return the SQL of an operator of PostgreSQL between two shapes."""
    return Func(
        one, other, template="(%(expressions)s)", arg_joiner=f" {operator} ", output_field=models.BooleanField()
    )


def box_of(west: float, south: float, east: float, north: float) -> PlaneBox:
    return PlaneBox(_corner(west, south), _corner(east, north))


def point_index(name: str) -> SpGistIndex:
    """Return the index that `within` needs on columns longitude and latitude."""
    # GiST multiplies the sides of its boxes, which fails as "underflow" next to zero, and is no faster.
    return SpGistIndex(PlanePoint(F("longitude"), F("latitude")), name=name)


def inside(queryset: models.QuerySet[Row], area: Area) -> models.QuerySet[Row]:
    """Return rows in an area or on its border, the nearest to its middle first, each with distance_m.

    A polygon must not cross the antimeridian. It is decided in the plane of degrees, as in the database's guard.
    """
    if not area.corners:
        return within(queryset, center=area.center, radius_m=area.radius_m)
    place = PlanePoint(F("longitude"), F("latitude"))
    latitudes = [corner.latitude for corner in area.corners]
    longitudes = [corner.longitude for corner in area.corners]
    box = box_of(min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    corners = ",".join(f"({corner.longitude!r},{corner.latitude!r})" for corner in area.corners)
    polygon = Cast(Value(f"({corners})"), _Shape("polygon"))
    near = queryset.annotate(distance_m=_distance_m(area.center))
    found = near.filter(compared(place, "<@", box), compared(polygon, "@>", place))
    return cast("models.QuerySet[Row]", found.order_by("distance_m", "pk"))


def within(queryset: models.QuerySet[Row], *, center: Point, radius_m: float) -> models.QuerySet[Row]:
    """Return rows within a radius in meters, inclusive, the nearest first, each with distance_m. Raises ValueError."""
    if not 0 < radius_m < math.inf:
        raise ValueError(f"A radius of {radius_m} m is not above zero.")
    in_a_box = models.Q()
    for edges in boxes_around(center, radius_m):
        in_a_box |= models.Q(compared(PlanePoint(F("longitude"), F("latitude")), "<@", box_of(*edges)))
    found = queryset.annotate(distance_m=_distance_m(center)).filter(in_a_box, distance_m__lte=radius_m)
    # The stubs forget the kind of row on annotate().
    return cast("models.QuerySet[Row]", found.order_by("distance_m", "pk"))


def boxes_around(center: Point, radius_m: float) -> list[tuple[float, float, float, float]]:
    """Return boxes (west, south, east, north, in degrees) that contain the circle: two across the antimeridian.

    Source of a box's width: J. P. Matuschek, bounding coordinates, sin(radius) / cos(latitude).
    """
    reach = min(radius_m / EARTH_RADIUS_M, math.pi)
    reach_degrees = math.degrees(reach) + BOX_MARGIN
    south, north = center.latitude - reach_degrees, center.latitude + reach_degrees
    if south <= -90 or north >= 90:
        return [(-180.0, max(south, -90.0), 180.0, min(north, 90.0))]
    ratio = math.sin(reach) / math.cos(math.radians(center.latitude))
    width = math.degrees(math.asin(min(ratio, 1.0))) + BOX_MARGIN
    west, east = center.longitude - width, center.longitude + width
    if west < -180:
        return [(-180.0, south, east, north), (west + 360, south, 180.0, north)]
    if east > 180:
        return [(west, south, 180.0, north), (-180.0, south, east - 360, north)]
    return [(west, south, east, north)]


def _corner(longitude: float, latitude: float) -> PlanePoint:
    return PlanePoint(_number(longitude), _number(latitude))


def _number(value: float) -> Value:
    return Value(value, output_field=models.FloatField())


def _distance_m(center: Point) -> models.Expression:
    """Return the SQL of the distance to a point in meters: the haversine of Point.distance_m, safe against rounding."""
    # From the South Pole and the antimeridian two angles are equal or at least 1e-14 degrees (2 nanometers) apart; the
    # square of a tinier difference makes PostgreSQL stop with "underflow".
    from_pole = F("latitude") + _number(90.0)
    from_antimeridian = F("longitude") + _number(180.0)
    half_latitude = Radians(from_pole - _number(center.latitude + 90)) / _number(2.0)
    half_longitude = Radians(from_antimeridian - _number(center.longitude + 180)) / _number(2.0)
    across = _number(math.cos(math.radians(center.latitude))) * Sin(Radians(from_pole))
    chord = Power(Sin(half_latitude), 2) + across * Power(Sin(half_longitude), 2)
    angle = ASin(Least(_number(1.0), Sqrt(chord)))
    return models.ExpressionWrapper(_number(2 * EARTH_RADIUS_M) * angle, output_field=models.FloatField())
