"""Three counties that never were, laid out and named as real ones are, in the form in which such counties have data.

VALLEY: address points with cities, some of whose names end with "City" or "Heights", and streets of one name in two of
them. HOLLOW: the Census Bureau's ranges with ZIP codes alone, rural roads, routes, and roads with two names. GRID:
address points of a city that is numbered from its middle, so that each street is there by two or four directions.
All have ZIP codes whose middle is in the next county.
"""

import csv
import math
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from fusus_portal.demo.data.tiger import Coordinate, Edge, write_edges
from tests.peers.usaddress_peer import Row

from .county import FIRST, SECOND
from .street_pools import KINDS, LIKE_DIRECTIONS, LIKE_KINDS, ODD, OFTEN, ROUTES

STEP: Final = 0.0012
"""Degrees of latitude of one block."""

METER: Final = 1 / 111_195
"""One meter in degrees of latitude."""

Place = tuple[str, Coordinate, tuple[str, str]]
"""A town: how people call it, where it begins, and the ZIP codes of its western and its eastern half."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a street. others: further names of it. said: its city as people say it. Even numbers are on its left.

    span: its lowest even number and its highest.
    """

    street: str
    line: tuple[Coordinate, Coordinate]
    span: tuple[int, int]
    zip_code: str
    said: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Home:
    """An address: as the county has it, and where it is. city: "" where the county's data names none."""

    number: int
    street: str
    others: tuple[str, ...]
    city: str
    said: str
    state: str
    zip_code: str
    place: Coordinate


@dataclass(frozen=True)
class County:
    """A county: its pieces of streets, the houses on each, and whether its data has points or ranges alone.

    beside_m: how far its houses are from the middle of the street. border: ZIP codes whose middle is elsewhere.
    """

    name: str
    fips: str
    state: str
    pieces: Callable[[random.Random], Iterator[Piece]]
    has_points: bool
    border: frozenset[str]

    @property
    def beside_m(self) -> float:
        """Meters from the middle of a street to its houses; those on ranges are where the portal puts them."""
        return 18.0 if self.has_points else 8.0

    def homes(self, each: int = 6) -> list[Home]:
        """Return some addresses of each piece, always the same."""
        return list(_homes(self, each))

    def write(self, folder: Path, each: int = 6) -> list[Path]:
        """Write the files that this county has."""
        if self.has_points:
            return [_write_points(folder / "addresses.csv", self.homes(each))]
        return [write_edges(folder / "edges", _edges(_pieces(self)))]


def rows(county: County) -> Iterator[Row]:
    """Give the rows of a county's file as a peer reads them."""
    if county.has_points:
        for home in county.homes():
            yield Row(home.number, home.number, home.street, home.city, home.zip_code, home.place, home.place)
        return
    for piece in _pieces(county):
        low, high = piece.span
        for side, left_m in ((0, county.beside_m), (1, -county.beside_m)):
            ends = _beside(piece.line, 0, left_m), _beside(piece.line, 1, left_m)
            for name in (piece.street, *piece.others):
                yield Row(low + side, high + side, name, "", piece.zip_code, *ends)


@cache
def _pieces(county: County) -> tuple[Piece, ...]:
    return tuple(county.pieces(random.Random(county.name)))  # noqa: S311 - a county, no secret


def _homes(county: County, each: int) -> Iterator[Home]:
    chance = random.Random(f"homes of {county.name}")  # noqa: S311
    for piece in _pieces(county):
        low, high = piece.span
        numbers = range(low + 1, high + 2, 5)
        for number in sorted(chance.sample(numbers, min(each, len(numbers)))):
            share = (number // 2 * 2 - low) / (high - low)
            place = _beside(piece.line, share, county.beside_m * (1 if number % 2 == 0 else -1))
            city = piece.said if county.has_points else ""
            yield Home(number, piece.street, piece.others, city, piece.said, county.state, piece.zip_code, place)


def _beside(line: tuple[Coordinate, Coordinate], share: float, left_m: float) -> Coordinate:
    (x, y), (to_x, to_y) = line
    narrow = math.cos(math.radians(y))
    east, north = (to_x - x) * narrow, to_y - y
    off = left_m * METER / math.hypot(east, north)
    return x + (to_x - x) * share - north * off / narrow, y + (to_y - y) * share + east * off


def _edges(pieces: Iterable[Piece]) -> Iterator[Edge]:
    """Give each piece, and again for each further name, as ADDRFEAT does."""
    for piece in pieces:
        low, high = piece.span
        for name in (piece.street, *piece.others):
            yield Edge(name, piece.line, (low, high), (low + 1, high + 1), piece.zip_code)


def _write_points(path: Path, homes: Iterable[Home]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["LON", "LAT", "NUMBER", "STREET", "CITY", "POSTCODE"])
        for home in homes:
            x, y = home.place
            rows.writerow([f"{x:.7f}", f"{y:.7f}", home.number, home.street, home.city, home.zip_code])
    return path


def _names(chance: random.Random, odd: Iterable[str] = ()) -> Iterator[str]:
    """Give names of streets without end, each once: some odd, some numbered, most of one word or two and a kind."""
    told = set[str]()
    pool = [name for lines in (LIKE_KINDS, LIKE_DIRECTIONS, ODD) for name in lines.replace("\n", "|").split("|")]
    pool += odd
    chance.shuffle(pool)
    while True:
        if pool and chance.random() < 0.3:
            name = pool.pop()
        elif chance.random() < 0.2:
            name = f"{ordinal(chance.randrange(1, 60))} {chance.choice(['St', 'Ave', 'Ct', 'Pl'])}"
        else:
            second = f" {chance.choice(SECOND)}" if chance.random() < 0.4 else ""
            name = f"{chance.choice(FIRST)}{second} {chance.choices(KINDS, OFTEN)[0]}"
            if chance.random() < 0.08:
                name = f"{chance.choice('NSEW')} {name}"
        if name not in told:
            told.add(name)
            yield name


def _town(names: list[str], place: Place, chance: random.Random) -> Iterator[Piece]:
    """Give a town: half of its streets run east, half north, across one another, numbered from its corner."""
    city, middle, zip_codes = place
    side = len(names) // 2
    wide = STEP / math.cos(math.radians(middle[1]))
    for at, name in enumerate(names):
        first = random.Random(name).choice([100, 100, 100, 1, 400, 1200])  # noqa: S311
        for block, further in pairwise(range(side)):
            if chance.random() < 0.1:
                continue
            ends = [(at % side, step) for step in (block, further)]
            if at < side:
                ends = [(step, line) for line, step in ends]
            line = tuple((middle[0] + x * wide, middle[1] + y * STEP) for x, y in ends)
            low = max(first // 2 * 2, 2) + block * 100
            span = low, low + chance.choice([98, 98, 98, 48, 76])
            half = zip_codes[0 if ends[0][0] < side / 2 else 1]
            yield Piece(name, (line[0], line[1]), span, half, city)


def _valley(chance: random.Random) -> Iterator[Piece]:
    names = _names(chance)
    towns = [
        ("Barton City", (-86.62, 34.70), ("35801", "35802")),
        ("Barton Heights", (-86.55, 34.70), ("35803", "35803")),
        ("St. Clair", (-86.62, 34.80), ("35810", "35810")),
        ("Mount Holly", (-86.55, 34.80), ("35811", "35811")),
        ("Fairview", (-86.76, 34.68), ("35756", "35758")),
        ("Ft. Wayne Springs", (-86.47, 34.62), ("35763", "35775")),
    ]
    for one, other in zip(towns[::2], towns[1::2], strict=True):
        shared = [next(names) for _street in range(12)]
        own = [[*shared, *(next(names) for _street in range(24))] for _town in range(2)]
        for each in own:
            chance.shuffle(each)
        yield from _town(own[0], one, chance)
        yield from _town(own[1], other, chance)


def _hollow(chance: random.Random) -> Iterator[Piece]:
    names = _names(chance, ["Barton City Rd", "Flint Ridge Rd", "Brushy Fork Rd NW", "Lees Rd", "Smoke Row", "Hog Run"])
    places = [
        ("Newark", (-82.42, 40.06), ("43055", "43055")),
        ("Barton City", (-82.66, 40.10), ("43001", "43031")),
        ("Saint Louisville", (-82.36, 40.18), ("43071", "43071")),
        ("Hog Run Township", (-82.50, 39.95), ("43025", "43076")),
        ("North Union", (-82.70, 40.22), ("43011", "43013")),
    ]
    shared = [next(names) for _street in range(6)]
    for at, place in enumerate(places):
        own = [next(names) for _street in range(18 if at < 2 else 24)] + (shared if at < 2 else [])
        yield from _town(own, place, chance)
    for at, road in enumerate([*ROUTES, *((next(names),) for _road in range(80))]):
        yield from _road(road, at, places[at % len(places)], chance)


def _road(names: tuple[str, ...], at: int, place: Place, chance: random.Random) -> Iterator[Piece]:
    """Give a long road in pieces of very different lengths, with numbers that have gaps."""
    city, (x, y), (code, _other) = place
    x, y, number = x - 0.03 + at * 0.0004, y + 0.03 + at * 0.0003, chance.choice([1000, 3000, 11000, 20]) + at * 2
    for _piece in range(12):
        far = chance.choice([0.0008, 0.002, 0.004])
        to = x + far * chance.uniform(0.6, 1), y + far * chance.uniform(-0.6, 0.1)
        span = number // 2 * 2, number // 2 * 2 + chance.choice([98, 198, 298, 36])
        yield Piece(names[0], ((x, y), to), span, code, city, names[1:])
        (x, y), number = to, span[1] + chance.choice([2, 2, 102])


MIDDLE: Final = (-96.84, 46.88)
"""Where the streets of the city begin to be numbered."""


def _grid(chance: random.Random) -> Iterator[Piece]:
    """Give a city in four quarters, and a town beside it whose streets have some of the same names."""
    names = _names(chance)
    plain = [name for name in (next(names) for _name in range(150)) if " " in name and not _has_direction(name)]
    north, east = plain[:20], plain[20:40]
    for at in range(1, 21):
        for right, up in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
            way, quarter = "NS"[up < 0], "NS"[up < 0] + "EW"[right < 0]
            code = "58102" if right > 0 else {1: "58078", -1: "58104"}[up]
            numbered = f"{ordinal(at)} Ave {quarter}", f"{ordinal(at)} St {quarter}"
            if at % 2:
                numbered = f"{ordinal(at)} Ave {way}", f"{'EW'[right < 0]} {ordinal(at)} St"
            named = f"{way} {north[at - 1]}", f"{'EW'[right < 0]} {east[at - 1]}"
            for along, name in enumerate((*numbered, *named)):
                # What is named by one direction alone is on one side of the other.
                if (along in (0, 1) and at % 2 == 0) or (right if along in (0, 2) else up) > 0:
                    off = at - 0.5 * (along // 2)
                    yield from _outward(name, off, Quarter(right, up, code), chance, is_upward=along % 2 == 0)
    yield from _town(plain[30:54], ("Mt. Davenport", (-97.10, 46.69), ("58021", "58077")), chance)


class Quarter(NamedTuple):
    """A quarter of the city: 1 to the right and up, -1 to the left and down, and its ZIP code."""

    right: int
    up: int
    zip_code: str


def _outward(name: str, off: float, quarter: Quarter, chance: random.Random, *, is_upward: bool) -> Iterator[Piece]:
    """Give a street of a quarter, numbered outward from the middle of the city."""
    (x, y), (right, up, code) = MIDDLE, quarter
    wide = STEP / math.cos(math.radians(y))
    for block in range(8):
        ends = [(off * right, step * up) if is_upward else (step * right, off * up) for step in (block, block + 1)]
        line = tuple((x + east * wide, y + north * STEP) for east, north in ends)
        low = block * 100 or 2
        yield Piece(name, (line[0], line[1]), (low, block * 100 + chance.choice([98, 98, 60])), code, "Fargo")


def _has_direction(name: str) -> bool:
    return bool({*name.split()} & {"N", "S", "E", "W", "NE", "NW", "SE", "SW"})


def ordinal(number: int) -> str:
    """Return 21 as "21st"."""
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
    return f"{number}{suffix}"


VALLEY: Final = County("valley", "01089", "AL", _valley, True, frozenset({"35756", "35775"}))
HOLLOW: Final = County("hollow", "39089", "OH", _hollow, False, frozenset({"43011", "43076"}))
GRID: Final = County("grid", "38017", "ND", _grid, True, frozenset({"58077"}))
COUNTIES: Final = (VALLEY, HOLLOW, GRID)
