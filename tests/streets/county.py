"""Two counties that never were, written as the Census Bureau and counties write theirs: streets of many kinds of name.

SOUTHERN numbers streets and avenues both ways and ends names with directions. WESTERN begins names with directions, has
Spanish names, avenues with letters, county roads, and hyphens in some numbers.
"""

import csv
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isqrt
from pathlib import Path

from fusus_portal.demo.data.tiger import Coordinate, Edge

BLOCK = 0.001
"""Degrees of one block."""


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words("""Ash Beech Birch Cedar Cherry Chestnut Cypress Dogwood Elm Hickory Holly Juniper Laurel Locust
Magnolia Maple Oak Pecan Pine Poplar Redbud Spruce Sycamore Walnut Willow Adams Jefferson Madison Monroe Jackson
Harrison Tyler Polk Taylor Fillmore Pierce Buchanan Lincoln Grant Hayes Garfield Arthur Cleveland McKinley Roosevelt
Wilson Harding Truman Clairmont Highland Morris Essex Cliff Richard Arrington Graymont Tuscaloosa Cahaba Warrior
Vulcan Shades Montevallo Columbiana Acton Rocky Altadena Dolly Overton Caldwell Mill Quarry Church School College
Depot Market Court Jordan Bethel Salem Shiloh Zion Hebron Canaan Sunrise Sunset Meadow Valley Mountain River Lake
Spring Stone Silver Golden Crystal Eagle Falcon Hawk Heron Robin Cardinal Mockingbird Fox Deer Bear Wolf Turkey Quail
Pheasant Partridge Cambridge Oxford Windsor Canterbury Devonshire Wellington Nottingham Sherwood Lancaster Yorkshire
Bristol Kensington Savannah Charleston Natchez Mobile Augusta Macon Atlanta Dallas Houston Memphis Nashville Denver
Phoenix Tucson Guadalupe Esperanza Alameda Mirador Serrano Mendoza Rivera Cordova Sevilla Granada O'Neal DeSoto
LaSalle VanBuren Abernathy Blackwell Carmichael Dunbar Ellsworth Fairchild Galloway Hathaway Iverson Jamison Kirkland
Lockhart Merriweather Northcutt Oglethorpe Pemberton Quarles Rutledge Singleton Thornton Underwood Vandiver
Wetherington Youngblood Zimmerman Bankhead Comer Dawson Elyton Fultondale Gardendale Hueytown Irondale Leeds""")
SECOND = _words("Hill Ridge Creek Branch Hollow Glen Grove Park View Crest Run Chase Bluff Point Cove Field Brook Gate")
KINDS = ["St", "Ave", "Rd", "Dr", "Ln", "Ct", "Cir", "Blvd", "Pl", "Way", "Ter", "Trl", "Pkwy", "Loop", "Cv", "Hwy"]
ODD = """Martin Luther King Jr Blvd|Dr Martin Luther King Jr Dr|St Charles Ave|St Paul's Church Rd|Mt Olive Rd
Ft Payne Hwy|US Hwy 31|US Hwy 280|State Hwy 119|Co Rd 17|Co Rd 52|Old Montgomery Hwy|Avenue A|Avenue F|North Ave
South Ave|West Blvd|Park Pl|Park Ave|The Oaks Dr|Camino del Rey|Via Appia|Le Conte Ave|Broadway|Five Points W
Five Mile Rd|Court St|Green Springs Hwy|Lake Shore Dr|Lakeshore Pkwy|1st Baptist Church Rd|Old Hwy 5
Center Point Pkwy"""
SPANISH = _words("""Sol Luna Cielo Norte Sur Este Oeste Monte Llano Rio Bosque Valle Cerro Agua Fuego Oro Plata Rosa
Flores Encanto Tesoro Amor Paz Alegria Pueblo Rey Reina Duque Marques Mirasol Alamo Nogal Roble Pino Cedro Aguila
Lobo Venado Caballo Toro Paloma Halcon Tortuga Coyote Zorro Nieve Viento Lluvia Trueno Estrella Aurora Verano
Invierno Otono""")
BEFORE = ["Calle", "Camino", "Avenida", "Paseo", "Via", "Vista", "Rancho", "Loma", "Placita", "Vereda"]
LINKS = ["del", "de la", "de los", "de las", "de", ""]


@dataclass(frozen=True)
class County:
    """How a county calls its streets. corner: the south-western one. has_hyphens: in the numbers of some streets."""

    corner: Coordinate
    state: str
    cities: Mapping[str, str]
    names: Callable[[random.Random, int], list[str]]
    has_hyphens: bool = False


@dataclass(frozen=True)
class Piece:
    """A block of a street: from one corner to the next, numbers even on the left."""

    name: str
    start: Coordinate
    end: Coordinate
    hundred: int
    city: str
    zip_code: str
    has_hyphens: bool = False

    def number(self, number: int) -> str:
        """Return a number as the county writes it."""
        return f"{number // 100}-{number % 100:02d}" if self.has_hyphens else str(number)


@dataclass(frozen=True)
class Address:
    """An address point, and the block that it is on."""

    number: str
    street: str
    city: str
    state: str
    zip_code: str
    longitude: float
    latitude: float
    piece: Piece


def southern_names(chance: random.Random, count: int) -> list[str]:
    """Return names of streets: numbered ones both ways, trees, presidents, two words, highways, odd ones."""
    told: dict[str, None] = {}
    for number in range(1, min(41, count // 8)):
        for kind, way in (("St", "N"), ("St", "S"), ("Ave", "N"), ("Ave", "S")):
            told[f"{_ordinal(number)} {kind} {way}"] = None
    told |= dict.fromkeys("|".join(ODD.splitlines()).split("|"))
    while len(told) < count:
        base = chance.choice(FIRST)
        if chance.random() < 0.5:
            base += f" {chance.choice(SECOND)}"
        if chance.random() < 0.1:
            base = f"{chance.choice(['Old', 'New', 'Upper', 'Lower', 'Little', 'Big'])} {base}"
        way = chance.choice(["N", "S", "E", "W"]) if chance.random() < 0.15 else ""
        kind = chance.choice(KINDS)
        name = f"{way} {base} {kind}" if chance.random() < 0.5 else f"{base} {kind} {way}"
        told[name.strip()] = None
    return list(told)[:count]


def western_names(chance: random.Random, count: int) -> list[str]:
    """Return names of streets: Spanish ones, directions first, letters, county and state roads, trees."""
    told: dict[str, None] = {}
    for number in range(1, min(31, count // 16)):
        told |= dict.fromkeys(f"{way} {_ordinal(number)} {kind}" for way in "NSEW" for kind in ("St", "Ave"))
    for letter in "ABCDEFGHIJKLMOPQRTUVXYZ":
        told |= dict.fromkeys((f"Avenue {letter}", f"{letter} St"))
    for number in range(3, 60, 4):
        told |= dict.fromkeys((f"County Road {number}", f"State Road {number + 301}"))
    while len(told) < count:
        if chance.random() < 0.4:
            link = chance.choice(LINKS)
            name = " ".join(f"{chance.choice(BEFORE)} {link} {chance.choice(SPANISH)}".split())
            name += chance.choice(["", "", "", " NE", " NW", " SE", " SW"])
        else:
            second = f" {chance.choice(SECOND)}" if chance.random() < 0.4 else ""
            way = chance.choice(["N ", "S ", "E ", "W ", "", ""])
            name = f"{way}{chance.choice(FIRST)}{second} {chance.choice(KINDS)}"
        told[name] = None
    return list(told)[:count]


SOUTHERN = County(
    (-87.0, 33.4),
    "AL",
    {"Birmingham": "35205", "Homewood": "35209", "Vestavia Hills": "35216", "Mountain Brook": "35223"},
    southern_names,
)
WESTERN = County(
    (-106.8, 35.0),
    "NM",
    {
        "Albuquerque": "87102",
        "Los Ranchos de Albuquerque": "87107",
        "Tijeras": "87059",
        "Village of Cedar Crest": "87008",
    },
    western_names,
    has_hyphens=True,
)


def pieces(county: County, streets: int, blocks: int, *, seed: int = 7) -> Iterator[Piece]:
    """Give the blocks of a county whose streets run across one another in a full square, half of them each way."""
    chance = random.Random(seed)  # noqa: S311 - a county, no secret
    names = county.names(chance, streets)
    chance.shuffle(names)
    cities = list(county.cities.items())
    side = max(isqrt(streets * blocks // 2), blocks)
    west, south = county.corner
    for at, name in enumerate(names):
        across, line, first = at % 2 == 0, at // 2 % side, at // 2 // side * blocks
        has_hyphens = county.has_hyphens and chance.random() < 0.2
        city, zip_code = cities[(first * 2 // side) % 2 + (line * 2 // side) % 2 * 2]
        for block in range(first, first + blocks):
            near, far = (line * BLOCK, block * BLOCK), (line * BLOCK, (block + 1) * BLOCK)
            if across:
                near, far = near[::-1], far[::-1]
            start = (round(west + near[0], 6), round(south + near[1], 6))
            end = (round(west + far[0], 6), round(south + far[1], 6))
            yield Piece(name, start, end, (block - first + 1) * 100, city, zip_code, has_hyphens)


def addresses(county: County, blocks: Iterable[Piece], each: int) -> Iterator[Address]:
    """Give some addresses on each block: even numbers on the left of the line."""
    for piece in blocks:
        (x, y), (to_x, to_y) = piece.start, piece.end
        for step in range(each):
            share = (step + 0.5) / each
            number = piece.hundred + 2 + int(share * 48) * 2 + step % 2
            off = 0.00012 if number % 2 == 0 else -0.00012
            off_x, off_y = (0.0, off) if y == to_y else (-off, 0.0)
            place = round(x + (to_x - x) * share + off_x, 7), round(y + (to_y - y) * share + off_y, 7)
            yield Address(piece.number(number), piece.name, piece.city, county.state, piece.zip_code, *place, piece)


def edges(blocks: Iterable[Piece]) -> Iterator[Edge]:
    """Give the blocks as a county's file of streets has them."""
    for piece in blocks:
        left, right = (piece.hundred + 2, piece.hundred + 98), (piece.hundred + 1, piece.hundred + 99)
        yield Edge(piece.name, (piece.start, piece.end), left, right, piece.zip_code)


def write_addresses(path: Path, told: Iterable[Address]) -> Path:
    """Write addresses as a CSV of OpenAddresses."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["LON", "LAT", "NUMBER", "STREET", "UNIT", "CITY", "DISTRICT", "REGION", "POSTCODE", "ID", "HASH"]
        )
        for each in told:
            place = [f"{each.longitude:.7f}", f"{each.latitude:.7f}"]
            rows.writerow([*place, each.number, each.street, "", each.city, "", each.state, each.zip_code, "", ""])
    return path


def _ordinal(number: int) -> str:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
    return f"{number}{suffix}"
