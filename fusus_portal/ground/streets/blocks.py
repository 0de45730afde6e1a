"""Block of a point or an address: "2000 block of 11th Ave S", near 20th St S."""

import math
from typing import Any, Final, NamedTuple

from django.db import models
from django.db.models import F, Func
from django.utils.translation import gettext

from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.geo.search import PlaneBox, PlanePoint, boxes_around

from .crossings import crossing_near
from .lines import nearest, point_at
from .models import DERIVED, House, Segment
from .readings import BLOCK, house_and_street
from .states import LoadState
from .street_names import label as label_of

CLOSE_M: Final = 150.0
"""Meters of the first search."""

FAR_M: Final = 600.0
"""Meters from every street to a point outside any block: farms are far from their road."""

NUMBERED_M: Final = 400.0
"""Meters to the numbers of the closest street: a piece between two blocks has none."""

SAME_M: Final = 3.0
"""Meters within which two pieces are equally close."""


class StreetBlock(NamedTuple):
    label: str
    cross: str
    distance_m: float


class _Overlap(Func):
    template = "(%(expressions)s)"
    arg_joiner = " && "
    arity = 2
    output_field = models.BooleanField()


class _Piece(NamedTuple):
    distance_m: float
    street: int
    label: str
    number: int | None


def block_at(point: Point) -> StreetBlock | None:
    """Return the block of a point; None far from any street, and before the first load."""
    pieces = _pieces(point, CLOSE_M) or _pieces(point, FAR_M)
    if not pieces:
        return None
    nearest_m = min(piece.distance_m for piece in pieces)
    # Files contain a street twice, once without numbers.
    same = [piece for piece in pieces if piece.distance_m <= nearest_m + SAME_M]
    closest = min(same, key=lambda piece: (piece.number is None, piece.distance_m))
    number = _number_at(closest, point)
    label = closest.label if number is None else _named(number, closest.label)
    return StreetBlock(label, crossing_near(closest.street, point), closest.distance_m)


def _pieces(point: Point, far_m: float) -> list[_Piece]:
    pieces = (_piece(point, row) for row in _near(point, far_m))
    return [piece for piece in pieces if piece.distance_m <= far_m]


def _number_at(closest: _Piece, point: Point) -> int | None:
    """Return a street's number at a point, from its piece, else the closest numbered piece or house."""
    if closest.number is not None:
        return closest.number
    around = _pieces(point, NUMBERED_M)
    same = [piece for piece in around if piece.street == closest.street and piece.number is not None]
    if same:
        return min(same, key=lambda piece: piece.distance_m).number
    houses = House.objects.filter(street=closest.street).values_list("number", "latitude", "longitude")
    far = ((Point(latitude, longitude).distance_m(point), number) for number, latitude, longitude in houses)
    distance_m, number = min(far, default=(math.inf, 0))
    return number if distance_m <= NUMBERED_M else None


def block_of(street: str) -> str:
    """Return the block of a typed street line, or "" if number or street is unclear: a part could reveal more."""
    try:
        number, name = house_and_street(street)
    except ValueError:
        return ""
    return _named(number, label_of(name))


def street_in_front(point: Point) -> Point:
    """Return the place on the closest street; far from any, the point to a tenth of a mile."""
    # Lines derived from address points may run through houses.
    near = _near(point, CLOSE_M).exclude(road=DERIVED).values_list("line", flat=True)
    lines = [(bytes(line), *nearest(bytes(line), point)) for line in near]
    line, share, distance_m = min(lines, key=lambda one: one[2], default=(b"", 0.0, math.inf))
    if distance_m > CLOSE_M:
        return Point(round(point.latitude, 3), round(point.longitude, 3))
    return point_at(line, share)


def _named(number: int, street: str) -> str:
    return gettext("%(number)d block of %(street)s") % {"number": number // BLOCK * BLOCK, "street": street}


def _near(point: Point, far_m: float) -> models.QuerySet[Segment, tuple[Any, ...]]:
    held = PlaneBox(PlanePoint(F("west"), F("south")), PlanePoint(F("east"), F("north")))
    close = models.Q()
    for west, south, east, north in boxes_around(point, far_m):
        around = PlaneBox(PlanePoint(_number(west), _number(south)), PlanePoint(_number(east), _number(north)))
        close |= models.Q(_Overlap(held, around))
    pieces = Segment.objects.filter(close, data__state=LoadState.CURRENT, street__isnull=False)
    columns = ("street_id", "street__label", "line", "left_from", "left_to", "right_from", "right_to")
    return pieces.values_list(*columns)


def _piece(point: Point, row: tuple[Any, ...]) -> _Piece:
    street, label, line, *ends = row
    share, distance_m = nearest(bytes(line), point)
    for begin, end in (ends[:2], ends[2:]):
        if begin is not None and end is not None:
            return _Piece(distance_m, street, label, round(begin + (end - begin) * share))
    return _Piece(distance_m, street, label, None)


def _number(value: float) -> models.Value:
    return models.Value(value, output_field=models.FloatField())
