"""Blocks and corners derived from address points. A block is a line amid close houses of one hundred numbers."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice, pairwise
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from fusus_portal.ground.geo.points import METERS_PER_DEGREE

from .models import DERIVED, House
from .readers.rows import SegmentRow

NEAR_M: Final = 250.0
"""Blocks of one street within this distance follow each other, whatever their numbers."""

FAR_M: Final = 1_500.0
"""Largest gap between addresses of one block (2000 to 2099), or of a block and the next: a mile of a country road."""

LONGEST_M: Final = 5_000.0
"""Longest line of a block; longer ones are dropped."""

BEYOND_M: Final = 40.0
"""Reach of a street beyond its last house: another one may meet it there."""

ON_A_LINE: Final = 200
"""Most addresses of a block that shape its line."""

MOST_OF_A_HUNDRED: Final = 2_000
"""Most addresses considered for one hundred numbers of a street (2000 to 2099)."""

LINES: Final = 1_000
"""Lines of blocks in one search for corners."""

MOST_CORNERS: Final = 2_000_000

Points = NDArray[np.float64]


class Address(NamedTuple):
    street: int
    number: int
    zip_code: str
    longitude: float
    latitude: float


@dataclass
class AddressBlock:
    """A street's block. points: its line, longitude first. is_met: for its start and end, True if joined to another."""

    street: int
    number: int
    zip_code: str
    points: list[tuple[float, float]]
    is_met: list[bool] = field(default_factory=lambda: [False, False])

    @property
    def row(self) -> SegmentRow:
        return SegmentRow("", DERIVED, self.points, (self.number, self.number), None, self.zip_code, self.zip_code)


def blocks_of(data: int) -> Iterator[list[AddressBlock]]:
    columns = ("street_id", "number", "zip_code", "longitude", "latitude")
    rows = House.objects.filter(data=data).order_by("street_id", "number").values_list(*columns)
    houses = (Address(*row) for row in rows.iterator(chunk_size=10_000))
    for _street, told in groupby(houses, key=lambda each: each.street):
        blocks = [
            AddressBlock(near[0].street, near[0].number, _zip_code(near), _line(near))
            for _hundred, many in groupby(told, key=lambda each: each.number // 100)
            for near in _close(list(islice(many, MOST_OF_A_HUNDRED)))
        ]
        _join(blocks)
        yield [block for block in blocks if sum(_far_m(*ends) for ends in pairwise(block.points)) <= LONGEST_M]


def corners_of(blocks: Sequence[AddressBlock]) -> Iterator[tuple[int, int, tuple[float, float]]]:
    """Yield each corner once: the ids of its two streets, and its (longitude, latitude)."""
    lines = np.array([shapely.LineString(_reaching(block)) for block in blocks])
    streets = np.array([block.street for block in blocks])
    tree = shapely.STRtree(lines)
    seen: set[tuple[int, int, float, float]] = set()
    for begin in range(0, len(lines), LINES):
        pairs = tree.query(lines[begin : begin + LINES], predicate="intersects")
        first, second = pairs[0] + begin, pairs[1]
        pairs = np.stack([first, second])[:, streets[first] < streets[second]]
        places = shapely.get_coordinates(shapely.centroid(shapely.intersection(lines[pairs[0]], lines[pairs[1]])))
        for one, other, (x, y) in zip(
            streets[pairs[0]].tolist(), streets[pairs[1]].tolist(), places.tolist(), strict=True
        ):
            if (met := (one, other, round(x, 4), round(y, 4))) not in seen:
                seen.add(met)
                yield one, other, (round(x, 6), round(y, 6))
        if len(seen) > MOST_CORNERS:
            return


def _close(houses: list[Address]) -> list[list[Address]]:
    if len(houses) == 1:
        return [houses]
    step = FAR_M / 2 / METERS_PER_DEGREE
    narrow = _narrow(houses[0].latitude)
    cells: dict[tuple[int, int], list[Address]] = defaultdict(list)
    for house in houses:
        cells[math.floor(house.longitude * narrow / step), math.floor(house.latitude / step)].append(house)
    groups = []
    while cells:
        waiting, group = [next(iter(cells))], []
        while waiting:
            x, y = waiting.pop()
            group += cells.pop((x, y), [])
            waiting += [(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (x + i, y + j) in cells]
        groups.append(sorted(group, key=lambda each: each.number))
    return groups


def _zip_code(houses: Iterable[Address]) -> str:
    counted = Counter(house.zip_code for house in houses if house.zip_code)
    return max(counted, key=lambda code: (counted[code], code), default="")


def _line(houses: Sequence[Address]) -> list[tuple[float, float]]:
    """Return a block's line: through the middle between its two sides, in the direction of the numbers."""
    some = houses[:: math.ceil(len(houses) / ON_A_LINE)]
    narrow = _narrow(some[0].latitude)
    places = np.array([(each.longitude * narrow, each.latitude) for each in some])
    odd = np.array([each.number % 2 == 1 for each in some])
    parts = np.array_split(np.arange(len(some)), max(1, min(4, len(some) // 4)))
    middles = np.array([_middle(places[part], odd[part]) for part in parts])
    middles = _along(places, middles[0]) if len(middles) == 1 else _extended(middles)
    return [(x / narrow, y) for x, y in middles.tolist()]


def _middle(places: Points, odd: NDArray[np.bool_]) -> Points:
    sides = [side.mean(axis=0) for side in (places[odd], places[~odd]) if len(side)]
    middle: Points = np.mean(sides, axis=0)
    return middle


def _along(places: Points, middle: Points) -> Points:
    """Return a straight line for a few houses: through their middle, and as long as their row."""
    off = places - places.mean(axis=0)
    _left, _sizes, ways = np.linalg.svd(off, full_matrices=False) if len(places) > 1 else (None, None, np.eye(2))
    shares = off @ ways[0]
    half = max((shares.max() - shares.min()) / 2, 1e-5)
    forward = 1 if shares[-1] >= shares[0] else -1
    return np.array([middle - ways[0] * half * forward, middle + ways[0] * half * forward])


def _extended(middles: Points) -> Points:
    first, last = middles[0] + (middles[0] - middles[1]) / 2, middles[-1] + (middles[-1] - middles[-2]) / 2
    return np.vstack([first, middles, last])


def _join(blocks: Sequence[AddressBlock]) -> None:
    """Join consecutive blocks of a street half-way between them."""
    for at, block in enumerate(blocks):
        before = [
            (far, other)
            for other in blocks[max(0, at - 4) : at]
            if not other.is_met[1] and other.number // 100 < block.number // 100
            and (far := _far_m(other.points[-1], block.points[0])) <= _reach_m(other, block)
        ]  # fmt: skip
        if before:
            _far, other = min(before, key=lambda each: each[0])
            (x, y), (to_x, to_y) = other.points[-1], block.points[0]
            middle = ((x + to_x) / 2, (y + to_y) / 2)
            other.points.append(middle)
            block.points.insert(0, middle)
            other.is_met[1] = block.is_met[0] = True


def _reach_m(block: AddressBlock, after: AddressBlock) -> float:
    return FAR_M if after.number // 100 == block.number // 100 + 1 else NEAR_M


def _reaching(block: AddressBlock) -> list[tuple[float, float]]:
    """Return a block's line, extended beyond its last house unless another block joins it."""
    begin, end = block.points[:2], block.points[:-3:-1]
    first = [] if block.is_met[0] else [_beyond(*begin)]
    last = [] if block.is_met[1] else [_beyond(*end)]
    return [*first, *block.points, *last]


def _beyond(end: tuple[float, float], before: tuple[float, float]) -> tuple[float, float]:
    share = BEYOND_M / max(_far_m(end, before), 1.0)
    return end[0] + (end[0] - before[0]) * share, end[1] + (end[1] - before[1]) * share


def _far_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    return math.hypot((one[0] - other[0]) * _narrow(one[1]), one[1] - other[1]) * METERS_PER_DEGREE


def _narrow(latitude: float) -> float:
    return math.cos(math.radians(latitude))
