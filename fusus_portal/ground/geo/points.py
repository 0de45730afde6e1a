import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import shapely
from django.db import models
from django.utils.translation import gettext_lazy as _

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the earth in meters (IUGG)."""

MILE_M = 1609.344
METERS_A_FOOT = 0.3048
SQUARE_MILE_M2 = MILE_M**2
METERS_PER_DEGREE = math.radians(1) * EARTH_RADIUS_M
"""Meters in one degree of latitude on the mean sphere."""


class Precision(models.TextChoices):
    PINNED = "pinned", _("placed on the map")
    ROOFTOP = "rooftop", _("found from the street address")
    AREA = "area", _("middle of the ZIP code area")


FINDABLE = frozenset({Precision.PINNED, Precision.ROOFTOP})
"""Precisions of the points that searches find; never a point that is only the middle of a ZIP code area."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS 84 degrees, negative west of Greenwich. Raises ValueError for a coordinate out of range."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        # A comparison with NaN is false, so NaN is refused here as well.
        if not -90 <= self.latitude <= 90:
            raise ValueError(f"Latitude {self.latitude} is not between -90 and 90 degrees.")
        if not -180 <= self.longitude <= 180:
            raise ValueError(f"Longitude {self.longitude} is not between -180 and 180 degrees.")

    def distance_m(self, other: "Point") -> float:
        """Return the great-circle distance in meters on the mean sphere (haversine)."""
        here, there = math.radians(self.latitude), math.radians(other.latitude)
        half_latitude = (there - here) / 2
        half_longitude = math.radians(other.longitude - self.longitude) / 2
        chord = math.sin(half_latitude) ** 2 + math.cos(here) * math.cos(there) * math.sin(half_longitude) ** 2
        return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def square_miles(radius_m: float) -> float:
    return math.pi * radius_m**2 / SQUARE_MILE_M2


def radius_for(area_square_miles: float) -> float:
    return math.sqrt(area_square_miles * SQUARE_MILE_M2 / math.pi)


@dataclass(frozen=True, slots=True)
class Area:
    """A circle, radius in meters, or a polygon inside it. corners: the polygon's, the first once; () for a circle."""

    center: Point
    radius_m: float
    corners: tuple[Point, ...] = ()

    @classmethod
    def polygon(cls, corners: Sequence[Point]) -> Self:
        latitudes = [corner.latitude for corner in corners]
        longitudes = [corner.longitude for corner in corners]
        middle = Point((min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2)
        return cls(middle, max(middle.distance_m(corner) for corner in corners), tuple(corners))

    @property
    def square_miles(self) -> float:
        """Size; a polygon's is measured in a plane around its middle, within 0.1 % for a few miles."""
        if not self.corners:
            return square_miles(self.radius_m)
        scale = METERS_PER_DEGREE**2 * math.cos(math.radians(self.center.latitude))
        return float(shapely.area(self._shape())) * scale / SQUARE_MILE_M2

    @property
    def crosses_itself(self) -> bool:
        """True if the border meets itself, so that inside and outside are undefined."""
        return bool(self.corners) and not bool(shapely.is_valid(self._shape()))

    def reach_m(self, point: Point) -> float:
        """Meters from a point to a circle's middle, or to a polygon's farthest corner."""
        return max(point.distance_m(corner) for corner in self.corners or (self.center,))

    def _shape(self) -> shapely.Polygon:
        return shapely.Polygon([(corner.longitude, corner.latitude) for corner in self.corners])
