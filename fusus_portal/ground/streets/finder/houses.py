"""House numbers near a point, from address points or from the ends of ranges, and the house beside it."""

import math
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point
from fusus_portal.ground.streets.finder.blocks import CLOSE_M, LEFT, RIGHT, near_pieces, point_at
from fusus_portal.ground.streets.finder.index import ADDED, current_index
from fusus_portal.ground.streets.finder.numbers import HouseNumber
from fusus_portal.ground.streets.models import House

MOST: Final = 60
"""Most house numbers on one map."""

SAME_SPOT_M: Final = 1.0
"""Meters within which two points are one: pages round a point to 0.1 m."""

IN_FRONT_M: Final = 40.0
"""Most meters from a point to the house that it is in front of."""

_ENDS: Final = (0.08, 0.92)
"""Shares of a block's line at which its first and last numbers are drawn: the corner itself is of another street."""


class NearHouse(NamedTuple):
    """A house number near a point. is_exact: from an address point; others are only about there."""

    distance_m: float
    number: str
    street: str
    point: Point
    is_exact: bool

    @property
    def label(self) -> str:
        return f"{self.number} {self.street}"

    def is_at(self, address: str) -> bool:
        """True for the typed street line of this house, and for any address of the same point."""
        return self.distance_m < SAME_SPOT_M or self.label == address


def houses_near(point: Point, *, within_m: float = CLOSE_M) -> list[NearHouse]:
    """Return house numbers around a point, the closest first, but no address that staff added for somebody.

    Where the county has no address points around, the first and last numbers of each side of a block.
    """
    pieces = list(near_pieces(point, within_m))
    found = list(_of_points(point, pieces, within_m)) or list(_of_ranges(point, pieces, within_m))
    return sorted(found)[:MOST]


def house_in_front(point: Point) -> NearHouse | None:
    """Return the closest address point, or None beyond IN_FRONT_M."""
    near = houses_near(point, within_m=IN_FRONT_M)
    return next((house for house in near if house.is_exact), None)


def _of_points(point: Point, pieces: Iterable[tuple[Any, ...]], within_m: float) -> Iterator[NearHouse]:
    index, streets = current_index(), {street: label for street, label, *_rest in pieces}
    high = within_m / METERS_PER_DEGREE
    wide = high / math.cos(math.radians(point.latitude))
    there = House.objects.filter(
        street__in=list(streets),
        latitude__range=(point.latitude - high, point.latitude + high),
        longitude__range=(point.longitude - wide, point.longitude + wide),
    )
    for house in there:
        place = Point(house.latitude, house.longitude)
        distance_m = place.distance_m(point)
        if distance_m <= within_m and index and attrgetter(*ADDED)(house) not in index.added:
            number = str(HouseNumber(house.number, house.letter))
            yield NearHouse(distance_m, number, streets[house.street_id], place, True)


def _of_ranges(point: Point, pieces: Sequence[tuple[Any, ...]], within_m: float) -> Iterator[NearHouse]:
    for _street, label, line, left_from, left_to, right_from, right_to in pieces:
        for side, ends in ((LEFT, (left_from, left_to)), (RIGHT, (right_from, right_to))):
            for share, number in zip(_ENDS, ends, strict=True):
                place = point_at(bytes(line), share, side)
                if number is not None and (distance_m := place.distance_m(point)) <= within_m:
                    yield NearHouse(distance_m, str(number), label, place, False)
