"""Houses, blocks and corners of the demo's town, for its people and incidents."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.utils.translation import gettext_noop

from fusus_portal.demo.data import town
from fusus_portal.demo.data.tiger import Coordinate, Edge, Home
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.states import LoadState

ATTRIBUTION: Final = gettext_noop("Drawn for this demo")
DRAWN_ON: Final = "2026-11-28"


@dataclass(frozen=True, slots=True)
class House:
    address: Address
    point: Point


@dataclass(frozen=True, slots=True)
class Spot:
    """A block or a corner, as deputies write it."""

    name: str
    point: Point


def load(folder: Path, *, output: OutputWrapper) -> bool:
    """Load the town, unless it is loaded already or somebody else's street data are; return True if it was loaded."""
    digest, noted = town.digest(), folder / "digest"
    current = StreetData.objects.filter(state=LoadState.CURRENT).first()
    is_known = noted.exists() and noted.read_text(encoding="utf-8") == digest
    if current is not None and (is_known or current.attribution != ATTRIBUTION):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    files = map(str, town.write(folder))
    call_command("places", "load", *files, attribution=ATTRIBUTION, dated=DRAWN_ON, stdout=output, stderr=output)
    noted.write_text(digest, encoding="utf-8")
    return True


@cache
def houses() -> dict[str, House]:
    """Return all houses by number and street: "1104 20th St S"."""
    return {f"{home.number} {home.street}": _house(home) for home in town.homes()}


def block(street: str, hundred: int) -> Spot:
    edge = next(edge for edge in town.edges() if edge.name == street and _hundred(edge) == hundred)
    return _block(edge)


def block_at(point: Point) -> Spot:
    return min(map(_block, town.edges()), key=lambda spot: spot.point.distance_m(point))


def corner(street: int, avenue: float, name: str) -> Spot:
    return Spot(name, _point(town.at(street, avenue)))


def _house(home: Home) -> House:
    address = Address(f"{home.number} {home.street}", home.city, "AL", home.zip_code)
    return House(address, _point((home.longitude, home.latitude)))


def _block(edge: Edge) -> Spot:
    return Spot(f"{_hundred(edge)} block of {edge.name}", _point(town.along(edge.line, 0.5)))


def _hundred(edge: Edge) -> int:
    return edge.left[0] // 100 * 100 if edge.left else 0


def _point(place: Coordinate) -> Point:
    longitude, latitude = place
    return Point(round(latitude, 6), round(longitude, 6))
