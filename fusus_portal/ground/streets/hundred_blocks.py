"""Middle of a hundred block, "2000 block", wherever its pieces end."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Final, NamedTuple, cast

import shapely
from django.db.models import Q
from shapely.ops import substring

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point

_APART: Final = 500.0 / METERS_PER_DEGREE
"""Pieces with the same numbers this far apart are blocks of two places."""

_ONE: Final = 3.0 / METERS_PER_DEGREE
"""A piece with its middle this close to another's is the same, from another file."""


_SLIVER: Final = 0.001
"""Share of a piece that represents one number."""


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
    """Return the filter of pieces with a number in the range, in either direction."""
    sides = (("left_from", "left_to"), ("right_from", "right_to"))
    ways = [way for side in sides for way in (side, side[::-1])]
    return reduce(or_, (Q(**{f"{low}__lte": end, f"{high}__gte": begin}) for low, high in ways))


def middles(pieces: Sequence[Piece], first: int, last: int) -> list[tuple[Point, list[Piece]]]:
    """Return the middle of a block and its pieces, for each place where the street has these numbers."""
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
