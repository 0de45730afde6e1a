import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import shapely

from .points import METERS_PER_DEGREE, SQUARE_MILE_M2, Point, square_miles


@dataclass(frozen=True, slots=True)
class Area:
    """A circle, radius in meters, or a polygon inside it. corners: in order, the first once; () for a circle."""

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
        """Area; a polygon's is measured in a plane around its middle, within 0.1 % for a few miles."""
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
