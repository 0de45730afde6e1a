import math
from typing import Final

import shapely

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point

BESIDE_M: Final = 8.0
"""Meters from a street's middle to a house on a range."""

LEFT, MIDDLE, RIGHT = 1, 0, -1


def point_at(line: bytes, share: float, side: int = MIDDLE) -> Point:
    """Return the point at a share of a line, BESIDE_M to its LEFT or RIGHT. line: well-known binary, in degrees."""
    shape = _line(line)
    middle = shapely.line_interpolate_point(shape, share, normalized=True)
    if side == MIDDLE:
        return Point(middle.y, middle.x)
    narrow = math.cos(math.radians(middle.y))
    east, north = _direction(shape, shape.length * share, narrow)
    off = BESIDE_M / METERS_PER_DEGREE * side
    return Point(middle.y + off * east, middle.x - off * north / narrow)


def nearest(line: bytes, point: Point) -> tuple[float, float]:
    """Return the share of a line closest to a point, and the distance in meters."""
    narrow = math.cos(math.radians(point.latitude))
    flat = shapely.LineString([(x * narrow, y) for x, y in _line(line).coords])
    here = shapely.Point(point.longitude * narrow, point.latitude)
    return flat.project(here, normalized=True), flat.distance(here) * METERS_PER_DEGREE


def _line(line: bytes) -> shapely.LineString:
    shape = shapely.from_wkb(line)
    if not isinstance(shape, shapely.LineString):
        raise TypeError(f"A piece of street is a {shape.geom_type}.")
    return shape


def _direction(shape: shapely.LineString, at: float, narrow: float) -> tuple[float, float]:
    """Return a line's direction at a place as a unit vector, east and north."""
    step = max(shape.length * 0.01, 1e-7)
    before = shapely.line_interpolate_point(shape, max(at - step, 0))
    after = shapely.line_interpolate_point(shape, min(at + step, shape.length))
    east, north = (after.x - before.x) * narrow, after.y - before.y
    far = math.hypot(east, north) or 1.0
    return east / far, north / far
