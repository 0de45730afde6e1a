"""Blocks of streets: the block of a point or an address, the middle of a block, and the streets that cross it."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple, cast

import shapely
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext as _
from shapely.ops import substring

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point
from fusus_portal.ground.geo.search import PlaneBox, PlanePoint, box_of, boxes_around, compared
from fusus_portal.ground.streets.finder.matches import Found
from fusus_portal.ground.streets.finder.names import label as label_of
from fusus_portal.ground.streets.finder.readings import BLOCK, house_and_street
from fusus_portal.ground.streets.models import DERIVED, Corner, House, Segment
from fusus_portal.ground.streets.states import LoadState

BESIDE_M: Final = 8.0
"""Meters from the middle of a street to a house whose place is only known from its number."""

LEFT, MIDDLE, RIGHT = 1, 0, -1


def point_at(line: bytes, share: float, side: int = MIDDLE) -> Point:
    """Return the point at a share of a line, or BESIDE_M to its LEFT or RIGHT. line: well-known binary, in degrees."""
    shape = _line(line)
    middle = shapely.line_interpolate_point(shape, share, normalized=True)
    if side == MIDDLE:
        return Point(middle.y, middle.x)
    narrow = math.cos(math.radians(middle.y))
    east, north = _direction(shape, shape.length * share, narrow)
    off = BESIDE_M / METERS_PER_DEGREE * side
    return Point(middle.y + off * east, middle.x - off * north / narrow)


def nearest(line: bytes, point: Point) -> tuple[float, float]:
    """Return the share of a line at which it is closest to a point, and the distance in meters."""
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
    """Return a line's direction at a distance along it, as a unit vector: east and north."""
    step = max(shape.length * 0.01, 1e-7)
    before = shapely.line_interpolate_point(shape, max(at - step, 0))
    after = shapely.line_interpolate_point(shape, min(at + step, shape.length))
    east, north = (after.x - before.x) * narrow, after.y - before.y
    far = math.hypot(east, north) or 1.0
    return east / far, north / far


_APART: Final = 500.0 / METERS_PER_DEGREE
"""Degrees of latitude. Pieces of a street with the same numbers, this far apart, are blocks in two places."""

_ONE: Final = 3.0 / METERS_PER_DEGREE
"""Degrees of latitude. Two pieces whose middles are this close are one piece, from two files."""


_SLIVER: Final = 0.001
"""Share of a piece's length that represents one number."""


class Piece(NamedTuple):
    line: bytes
    left_from: int | None
    left_to: int | None
    left_zip: str
    right_from: int | None
    right_to: int | None
    right_zip: str

    @property
    def sides(self) -> list[tuple[int, int]]:
        ends = ((self.left_from, self.left_to), (self.right_from, self.right_to))
        return [(begin, end) for begin, end in ends if begin is not None and end is not None]


class _Part(NamedTuple):
    number: int
    line: shapely.LineString
    piece: Piece


def holding(begin: int, end: int) -> Q:
    """Return the filter of pieces with a house number in the range, on either side and in either direction."""
    sides = (("left_from", "left_to"), ("right_from", "right_to"))
    ways = [way for side in sides for way in (side, side[::-1])]
    return reduce(or_, (Q(**{f"{low}__lte": end, f"{high}__gte": begin}) for low, high in ways))


def middles(pieces: Sequence[Piece], first: int, last: int) -> list[tuple[Point, list[Piece]]]:
    """Return a block's middle and its pieces, once for each place where the street has these numbers."""
    parts: list[_Part] = []
    for part in sorted((_part(piece, first, last) for piece in pieces), key=lambda one: one.number):
        middle = _middle([part])
        if all(middle.distance(_middle([other])) > _ONE for other in parts):
            parts.append(part)
    blocks: list[list[_Part]] = []
    for part in parts:
        near = [block for block in blocks if any(part.line.distance(other.line) < _APART for other in block)]
        for block in near:
            blocks.remove(block)
        blocks.append([*(other for block in near for other in block), part])
    return [(_point(_middle(block)), [part.piece for part in block]) for block in blocks]


def _part(piece: Piece, first: int, last: int) -> _Part:
    shares = [
        (number - begin) / (end - begin) if end != begin else share
        for begin, end in piece.sides
        if max(begin, end) >= first and min(begin, end) <= last
        for number, share in ((_within(begin, first, last), 0.0), (_within(end, first, last), 1.0))
    ]
    numbers = [_within(number, first, last) for side in piece.sides for number in side]
    line = cast("shapely.LineString", shapely.from_wkb(bytes(piece.line)))
    begin, end = piece.sides[0]
    if min(shares) == max(shares):  # only the block's first or last number
        shares = [max(min(shares) - _SLIVER, 0.0), min(max(shares) + _SLIVER, 1.0)]
    ways = (min(shares), max(shares)) if begin <= end else (max(shares), min(shares))
    return _Part(min(numbers), cast("shapely.LineString", substring(line, *ways, normalized=True)), piece)


def _within(number: int, first: int, last: int) -> int:
    return min(max(number, first), last)


def _middle(parts: list[_Part]) -> shapely.Point:
    parts = sorted(parts, key=lambda part: part.number)
    half = sum(part.line.length for part in parts) / 2
    for part in parts:
        if half <= part.line.length:
            return part.line.interpolate(half)
        half -= part.line.length
    return shapely.Point(parts[-1].line.coords[-1])


def _point(place: shapely.Point) -> Point:
    return Point(place.y, place.x)


FARTHEST_M: Final = 500.0
"""Farthest crossing street that helps to tell two places apart."""


def told_apart(found: Sequence[Found]) -> list[Found]:
    """Add a crossing street to places with the same address line, or else their position among them."""
    lines = Counter(each.address for each in found)
    beside = [
        crossing_near(each.street, each.point, within_m=FARTHEST_M) if lines[each.address] > 1 and each.street else ""
        for each in found
    ]
    named = Counter(zip((each.address for each in found), beside, strict=True))
    alike: dict[str, list[Point]] = defaultdict(list)
    for each in found:
        alike[each.address].append(each.point)
    return [
        each if lines[each.address] == 1 or not each.street
        else replace(each, beside=name if name and named[each.address, name] == 1 else _side(each, alike[each.address]))
        for each, name in zip(found, beside, strict=True)
    ]  # fmt: skip


def crossing_near(street: int, point: Point, *, within_m: float = math.inf) -> str:
    """Return the name of the closest street that crosses this one, or "" beyond `within_m`."""
    corners = Corner.objects.filter(street=street).values_list("other__label", "latitude", "longitude")
    found = ((Point(latitude, longitude).distance_m(point), label) for label, latitude, longitude in corners)
    return min((each for each in found if each[0] < within_m), default=(0.0, ""))[1]


def _side(found: Found, points: Sequence[Point]) -> str:
    """Return the position of a place among those with its address line, counted from the north or the west."""
    latitudes, longitudes = [each.latitude for each in points], [each.longitude for each in points]
    width = (max(longitudes) - min(longitudes)) * math.cos(math.radians(found.point.latitude))
    if max(latitudes) - min(latitudes) >= width:
        number = sorted(latitudes, reverse=True).index(found.point.latitude) + 1
        return _("number %(number)d from the north") % {"number": number}
    number = sorted(longitudes).index(found.point.longitude) + 1
    return _("number %(number)d from the west") % {"number": number}


CLOSE_M: Final = 150.0
"""Meters of the first search for streets near a point."""

FAR_M: Final = 600.0
"""Meters from a point to the closest street, beyond which it is in no block: farms are far from their road."""

NUMBERED_M: Final = 400.0
"""Most meters from a point to the house numbers that it takes: a piece of street between two blocks has no numbers."""

SAME_M: Final = 3.0
"""Meters within which two pieces of streets count as equally close."""


class StreetBlock(NamedTuple):
    label: str
    cross: str
    distance_m: float


class _NearPiece(NamedTuple):
    distance_m: float
    street: int
    label: str
    number: int | None


def block_at(point: Point) -> StreetBlock | None:
    """Return the block of a point; None far from any street, and before the first load."""
    pieces = _near_pieces(point, CLOSE_M) or _near_pieces(point, FAR_M)
    if not pieces:
        return None
    nearest_m = min(piece.distance_m for piece in pieces)
    # Files contain a street twice, once without numbers.
    same = [piece for piece in pieces if piece.distance_m <= nearest_m + SAME_M]
    closest = min(same, key=lambda piece: (piece.number is None, piece.distance_m))
    number = _number_at(closest, point)
    label = closest.label if number is None else _named(number, closest.label)
    return StreetBlock(label, crossing_near(closest.street, point), closest.distance_m)


def _near_pieces(point: Point, far_m: float) -> list[_NearPiece]:
    pieces = (_near_piece(point, row) for row in near_pieces(point, far_m))
    return [piece for piece in pieces if piece.distance_m <= far_m]


def _number_at(closest: _NearPiece, point: Point) -> int | None:
    """Return a street's house number at a point, from the closest piece, else the closest numbered piece or house."""
    if closest.number is not None:
        return closest.number
    around = _near_pieces(point, NUMBERED_M)
    same = [piece for piece in around if piece.street == closest.street and piece.number is not None]
    if same:
        return min(same, key=lambda piece: piece.distance_m).number
    houses = House.objects.filter(street=closest.street).values_list("number", "latitude", "longitude")
    far = ((Point(latitude, longitude).distance_m(point), number) for number, latitude, longitude in houses)
    distance_m, number = min(far, default=(math.inf, 0))
    return number if distance_m <= NUMBERED_M else None


def block_of(street: str) -> str:
    """Return the block of a typed street line; "" if number or street is unclear, since a part could reveal more."""
    try:
        number, name = house_and_street(street)
    except ValueError:
        return ""
    return _named(number, label_of(name))


def street_in_front(point: Point) -> Point:
    """Return the place on the street closest to a point; far from any street, the point to a tenth of a mile."""
    # Lines derived from address points may run through houses.
    near = near_pieces(point, CLOSE_M).exclude(road=DERIVED).values_list("line", flat=True)
    lines = [(bytes(line), *nearest(bytes(line), point)) for line in near]
    line, share, distance_m = min(lines, key=lambda one: one[2], default=(b"", 0.0, math.inf))
    if distance_m > CLOSE_M:
        return Point(round(point.latitude, 3), round(point.longitude, 3))
    return point_at(line, share)


def _named(number: int, street: str) -> str:
    return gettext("%(number)d block of %(street)s") % {"number": number // BLOCK * BLOCK, "street": street}


def near_pieces(point: Point, far_m: float) -> models.QuerySet[Segment, tuple[Any, ...]]:
    """Return pieces of named streets around a point: id and label of the street, line, numbers of its ends."""
    held = PlaneBox(PlanePoint(F("west"), F("south")), PlanePoint(F("east"), F("north")))
    close = models.Q()
    for edges in boxes_around(point, far_m):
        close |= models.Q(compared(held, "&&", box_of(*edges)))
    pieces = Segment.objects.filter(close, data__state=LoadState.CURRENT, street__isnull=False)
    columns = ("street_id", "street__label", "line", "left_from", "left_to", "right_from", "right_to")
    return pieces.values_list(*columns)


def _near_piece(point: Point, row: tuple[Any, ...]) -> _NearPiece:
    street, label, line, *ends = row
    share, distance_m = nearest(bytes(line), point)
    for begin, end in (ends[:2], ends[2:]):
        if begin is not None and end is not None:
            return _NearPiece(distance_m, street, label, round(begin + (end - begin) * share))
    return _NearPiece(distance_m, street, label, None)
