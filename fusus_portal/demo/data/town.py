"""The demo's town, the south side of Birmingham as a plausible grid, with houses, blocks and corners; no survey data.

Avenues run across, streets down; a step of the grid is a block. Even house numbers are on the left of a street's line.
"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import shapely
from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.utils.translation import gettext_noop

from fusus_portal.demo.data.tiger import Area, Coordinate, Edge, Home, write_areas, write_edges, write_points
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.states import LoadState

MIDDLE: Final = (-86.7987, 33.5012)
"""Corner of 20th Street and 11th Avenue: longitude, latitude."""

TURN: Final = math.radians(27)
"""Angle between the avenues and east."""

ACROSS_M: Final = 128.0
DOWN_M: Final = 116.0
ZIP_CODE: Final = "35205"
CITY: Final = "Birmingham"
FIRST_STREET, LAST_STREET = 12, 31
FIRST_AVENUE, LAST_AVENUE = 1, 17
HOMES_ON_A_SIDE: Final = 6
HOME_BESIDE_M: Final = 22
"""Meters from the middle of a street to its houses."""

NAMED_STREETS: Final = {21: "Richard Arrington Jr Blvd S"}
NAMED_AVENUES: Final = {8: "University Blvd"}
BOULEVARDS: Final = {"University Blvd", "Richard Arrington Jr Blvd S", "20th St S", "Highland Ave S"}
SCHOOL: Final = (2341, "9th Ave S")
"""Number and street of the one house that is on an area: Southside School."""


def write(folder: Path) -> list[Path]:
    return [
        write_edges(folder / "edges", edges()),
        write_points(folder / "addresses.csv", homes()),
        write_areas(folder / "arealm", parks()),
        write_areas(folder / "areawater", water()),
    ]


def town_digest() -> str:
    whole = repr((edges(), homes(), parks(), water()))
    return hashlib.sha256(whole.encode()).hexdigest()


def at(street: float, avenue: float) -> Coordinate:
    """Return the coordinates of a corner, in blocks: `at(20, 11)` is where 20th Street crosses 11th Avenue."""
    across, down = (street - 20) * ACROSS_M, (avenue - 11) * DOWN_M
    east = across * math.cos(TURN) + down * math.sin(TURN)
    south = down * math.cos(TURN) - across * math.sin(TURN)
    longitude = MIDDLE[0] + east / METERS_PER_DEGREE / math.cos(math.radians(MIDDLE[1]))
    return round(longitude, 6), round(MIDDLE[1] - south / METERS_PER_DEGREE, 6)


@cache
def edges() -> tuple[Edge, ...]:
    return (*_avenues(), *_streets(), *_winding())


@cache
def homes() -> tuple[Home, ...]:
    areas = shapely.union_all([shapely.Polygon(area.outline) for area in (*parks(), *water())])
    return tuple(
        home
        for edge in edges()
        for home in _beside(edge)
        if (home.number, home.street) == SCHOOL or not shapely.contains_xy(areas, home.longitude, home.latitude)
    )


def parks() -> list[Area]:
    return [
        Area("Caldwell Park", "K2180", [at(26.08, 13.08), at(27.92, 13.08), at(27.92, 14.92), at(26.08, 14.92)]),
        Area("Magnolia Park", "K2180", [at(18.08, 12.08), at(18.92, 12.08), at(18.92, 12.92), at(18.08, 12.92)]),
        Area("Southside School", "K2543", [at(23.1, 9.1), at(23.9, 9.1), at(23.9, 9.9), at(23.1, 9.9)]),
    ]


def water() -> list[Area]:
    turns = [step * math.pi / 8 for step in range(16)]
    outline = [at(27.2 + 0.45 * math.cos(turn), 14.1 + 0.4 * math.sin(turn)) for turn in reversed(turns)]
    return [Area("Caldwell Lake", "H2030", outline)]


def _avenues() -> Iterator[Edge]:
    for avenue in range(FIRST_AVENUE, LAST_AVENUE + 1):
        name = NAMED_AVENUES.get(avenue, f"{_ordinal(avenue)} Ave S")
        for street in range(FIRST_STREET, LAST_STREET):
            if not _is_park(street, avenue):
                yield _block(name, street, [at(street, avenue), at(street + 1, avenue)])


def _streets() -> Iterator[Edge]:
    for street in range(FIRST_STREET, LAST_STREET + 1):
        name = NAMED_STREETS.get(street, f"{_ordinal(street)} St S")
        for avenue in range(FIRST_AVENUE, LAST_AVENUE):
            if not _is_park(street - 1, avenue + 1) and not _is_park(street, avenue):
                yield from _cut_by_magnolia(name, street, avenue)


def _winding() -> Iterator[Edge]:
    """Yield the streets that are not of the grid."""
    for street in range(14, 26):
        yield _block("Magnolia Ave S", street, [at(street, 11.5), at(street + 1, 11.5)])
    yield _block("Cobb Ln S", 13, [at(20.5, 13), at(20.55, 13.4), at(20.5, 14)])
    for street in range(20, 31):
        yield _block("Highland Ave S", street, [_highland(street + step / 6) for step in range(7)])
    for street in range(12, 31):
        yield _block("Morris Ave", street, [at(street, -0.2), at(street + 1, -0.2)])


def _cut_by_magnolia(name: str, street: int, avenue: int) -> Iterator[Edge]:
    """Yield a street's block, in two pieces where Magnolia Avenue crosses it."""
    if avenue != 11 or not 14 <= street <= 26:
        yield _block(name, avenue, [at(street, avenue), at(street, avenue + 1)])
        return
    first, second = [at(street, 11), at(street, 11.5)], [at(street, 11.5), at(street, 12)]
    yield Edge(name, first, (1100, 1148), (1101, 1149), ZIP_CODE, _road(name))
    yield Edge(name, second, (1150, 1198), (1151, 1199), ZIP_CODE, _road(name))


def _block(name: str, hundred: int, line: list[Coordinate]) -> Edge:
    first = hundred * 100
    return Edge(name, line, (first, first + 98), (first + 1, first + 99), ZIP_CODE, _road(name))


def _road(name: str) -> str:
    return "S1200" if name in BOULEVARDS else "S1400"


def _highland(street: float) -> Coordinate:
    return at(street, 17.6 + 0.5 * math.sin((street - 20) * 0.9))


def _is_park(street: int, avenue: int) -> bool:
    """True if an avenue's block, which begins at `street`, runs through the park, where no road does."""
    return street in {26, 27} and avenue == 14


def _beside(edge: Edge) -> Iterator[Home]:
    for numbers, side in ((edge.left, 1), (edge.right, -1)):
        if numbers is None:
            continue
        begin, end = numbers
        for home in range(HOMES_ON_A_SIDE):
            step = (2 * home + 1) * ((end - begin) // 2) // (2 * HOMES_ON_A_SIDE)
            place = along(edge.line, 2 * step / (end - begin), left_m=HOME_BESIDE_M * side)
            yield Home(begin + 2 * step, edge.name, CITY, ZIP_CODE, *place)


def along(line: Sequence[Coordinate], share: float, *, left_m: float = 0) -> Coordinate:
    """Return the place at a part (0 to 1) of a line, each piece counted the same, `left_m` meters to its left."""
    place = share * (len(line) - 1)
    piece = min(int(place), len(line) - 2)
    (x, y), (to_x, to_y) = line[piece], line[piece + 1]
    narrow = math.cos(math.radians(y))
    east, north = (to_x - x) * narrow, to_y - y
    off = left_m / METERS_PER_DEGREE / math.hypot(east, north)
    far = place - piece
    return x + (to_x - x) * far - north * off / narrow, y + (to_y - y) * far + east * off


def _ordinal(number: int) -> str:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 // 10 != 1 else 0, "th")
    return f"{number}{suffix}"


ATTRIBUTION: Final = gettext_noop("Drawn for this demo")
DRAWN_ON: Final = "2026-11-28"


@dataclass(frozen=True, slots=True)
class House:
    address: Address
    point: Point


@dataclass(frozen=True, slots=True)
class Spot:
    """Place of an incident: a block or a corner, named as deputies write it."""

    name: str
    point: Point


def load(folder: Path, *, output: OutputWrapper) -> bool:
    """Load the town's streets, unless they or other street data are loaded already; return True if it did so."""
    digest, noted = town_digest(), folder / "digest"
    current = StreetData.objects.filter(state=LoadState.CURRENT).first()
    is_known = noted.exists() and noted.read_text(encoding="utf-8") == digest
    if current is not None and (is_known or current.attribution != ATTRIBUTION):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    files = map(str, write(folder))
    call_command("places", "load", *files, attribution=ATTRIBUTION, dated=DRAWN_ON, stdout=output, stderr=output)
    noted.write_text(digest, encoding="utf-8")
    return True


@cache
def houses() -> dict[str, House]:
    """Return all houses by number and street: "1104 20th St S"."""
    return {f"{home.number} {home.street}": _house_of(home) for home in homes()}


def block(street: str, hundred: int) -> Spot:
    edge = next(edge for edge in edges() if edge.name == street and _hundred(edge) == hundred)
    return _spot_of(edge)


def block_at(point: Point) -> Spot:
    return min(map(_spot_of, edges()), key=lambda spot: spot.point.distance_m(point))


def corner(street: int, avenue: float, name: str) -> Spot:
    return Spot(name, _point_at(at(street, avenue)))


def _house_of(home: Home) -> House:
    address = Address(f"{home.number} {home.street}", home.city, "AL", home.zip_code)
    return House(address, _point_at((home.longitude, home.latitude)))


def _spot_of(edge: Edge) -> Spot:
    return Spot(f"{_hundred(edge)} block of {edge.name}", _point_at(along(edge.line, 0.5)))


def _hundred(edge: Edge) -> int:
    return edge.left[0] // 100 * 100 if edge.left else 0


def _point_at(place: Coordinate) -> Point:
    longitude, latitude = place
    return Point(round(latitude, 6), round(longitude, 6))
