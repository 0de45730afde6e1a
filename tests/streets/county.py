"""A county that never was, written as the Census Bureau and counties write theirs: streets of many kinds of name."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fusus_portal.demo.data.tiger import Edge, Home

WEST, SOUTH = -86.9, 33.4
BLOCK = 0.0015
"""Degrees of one block."""

FIRST = [
    "Ash",
    "Beech",
    "Birch",
    "Cedar",
    "Cherry",
    "Chestnut",
    "Cypress",
    "Dogwood",
    "Elm",
    "Hickory",
    "Holly",
    "Juniper",
    "Laurel",
    "Locust",
    "Magnolia",
    "Maple",
    "Oak",
    "Pecan",
    "Pine",
    "Poplar",
    "Redbud",
    "Spruce",
    "Sycamore",
    "Walnut",
    "Willow",
    "Adams",
    "Jefferson",
    "Madison",
    "Monroe",
    "Jackson",
    "Harrison",
    "Tyler",
    "Polk",
    "Taylor",
    "Fillmore",
    "Pierce",
    "Buchanan",
    "Lincoln",
    "Grant",
    "Hayes",
    "Garfield",
    "Arthur",
    "Cleveland",
    "McKinley",
    "Roosevelt",
    "Wilson",
    "Harding",
    "Truman",
    "Clairmont",
    "Highland",
    "Morris",
    "Essex",
    "Cliff",
    "Richard",
    "Arrington",
    "Graymont",
    "Tuscaloosa",
    "Cahaba",
    "Warrior",
    "Vulcan",
    "Shades",
    "Montevallo",
    "Columbiana",
    "Acton",
    "Rocky",
    "Altadena",
    "Dolly",
    "Overton",
    "Caldwell",
    "Mill",
    "Quarry",
    "Church",
    "School",
    "College",
    "Depot",
    "Market",
    "Court",
    "Jordan",
    "Bethel",
    "Salem",
    "Shiloh",
    "Zion",
    "Hebron",
    "Canaan",
    "Sunrise",
    "Sunset",
    "Meadow",
    "Valley",
    "Mountain",
    "River",
    "Lake",
    "Spring",
    "Stone",
    "Silver",
    "Golden",
    "Crystal",
    "Eagle",
    "Falcon",
    "Hawk",
    "Heron",
    "Robin",
    "Cardinal",
    "Mockingbird",
    "Fox",
    "Deer",
    "Bear",
    "Wolf",
    "Turkey",
    "Quail",
    "Pheasant",
    "Partridge",
    "Cambridge",
    "Oxford",
    "Windsor",
    "Canterbury",
    "Devonshire",
    "Wellington",
    "Nottingham",
    "Sherwood",
    "Lancaster",
    "Yorkshire",
    "Bristol",
    "Kensington",
    "Savannah",
    "Charleston",
    "Natchez",
    "Mobile",
    "Augusta",
    "Macon",
    "Atlanta",
    "Dallas",
    "Houston",
    "Memphis",
    "Nashville",
    "Denver",
    "Phoenix",
    "Tucson",
    "Guadalupe",
    "Esperanza",
    "Alameda",
    "Mirador",
    "Serrano",
    "Mendoza",
    "Rivera",
    "Cordova",
    "Sevilla",
    "Granada",
    "O'Neal",
    "DeSoto",
    "LaSalle",
    "VanBuren",
    "Abernathy",
    "Blackwell",
    "Carmichael",
    "Dunbar",
    "Ellsworth",
    "Fairchild",
    "Galloway",
    "Hathaway",
    "Iverson",
    "Jamison",
    "Kirkland",
    "Lockhart",
    "Merriweather",
    "Northcutt",
    "Oglethorpe",
    "Pemberton",
    "Quarles",
    "Rutledge",
    "Singleton",
    "Thornton",
    "Underwood",
    "Vandiver",
    "Wetherington",
    "Youngblood",
    "Zimmerman",
    "Bankhead",
    "Comer",
    "Dawson",
    "Elyton",
    "Fultondale",
    "Gardendale",
    "Hueytown",
    "Irondale",
    "Kimberly",
    "Leeds",
]
SECOND = [
    "Hill",
    "Ridge",
    "Creek",
    "Branch",
    "Hollow",
    "Glen",
    "Grove",
    "Park",
    "View",
    "Crest",
    "Run",
    "Chase",
    "Bluff",
    "Point",
    "Cove",
    "Field",
    "Brook",
    "Gate",
]
KINDS = ["St", "Ave", "Rd", "Dr", "Ln", "Ct", "Cir", "Blvd", "Pl", "Way", "Ter", "Trl", "Pkwy", "Loop", "Cv", "Hwy"]
ODD = """Martin Luther King Jr Blvd|Dr Martin Luther King Jr Dr|St Charles Ave|St Paul's Church Rd|Mt Olive Rd
Ft Payne Hwy|US Hwy 31|US Hwy 280|State Hwy 119|Co Rd 17|Co Rd 52|Old Montgomery Hwy|Avenue A|Avenue F|North Ave
South Ave|West Blvd|Park Pl|Park Ave|The Oaks Dr|Camino del Rey|Via Appia|Le Conte Ave|Broadway|Five Points W
Five Mile Rd|Court St|Green Springs Hwy|Lake Shore Dr|Lakeshore Pkwy|1st Baptist Church Rd|Old Hwy 5|Center Point Pkwy"""
CITIES = {"Birmingham": "35205", "Homewood": "35209", "Vestavia Hills": "35216", "Mountain Brook": "35223"}


@dataclass(frozen=True)
class Piece:
    """A block of a street: from one corner to the next, numbers even on the left."""

    name: str
    start: tuple[float, float]
    end: tuple[float, float]
    hundred: int
    city: str


def names(count: int, *, seed: int) -> list[str]:
    """Return names of streets: numbered ones both ways, trees, presidents, two words, highways, odd ones."""
    chance = random.Random(seed)
    told: dict[str, None] = {}
    for number in range(1, min(41, count // 8)):
        suffix = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
        for kind, way in (("St", "N"), ("St", "S"), ("Ave", "N"), ("Ave", "S")):
            told[f"{number}{suffix} {kind} {way}"] = None
    for odd in "|".join(ODD.splitlines()).split("|"):
        told[odd] = None
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


def pieces(streets: int, blocks: int, *, seed: int = 7) -> Iterator[Piece]:
    """Give the blocks of a county whose streets run across one another, half of them each way."""
    chance = random.Random(seed)
    told = names(streets, seed=seed)
    chance.shuffle(told)
    cities = list(CITIES)
    side = streets // 2
    for at, name in enumerate(told):
        across, line = at % 2 == 0, at // 2
        first = chance.randrange(0, max(side - blocks, 1))
        city = cities[line * len(cities) // max(side, 1) % len(cities)]
        for block in range(first, first + blocks):
            near, far = (line * BLOCK, block * BLOCK), (line * BLOCK, (block + 1) * BLOCK)
            if across:
                near, far = near[::-1], far[::-1]
            start = (round(WEST + near[0], 6), round(SOUTH + near[1], 6))
            end = (round(WEST + far[0], 6), round(SOUTH + far[1], 6))
            yield Piece(name, start, end, (block - first + 1) * 100, city)


def homes(blocks: list[Piece], each: int) -> Iterator[Home]:
    """Give the addresses on blocks: even numbers on the left of the line."""
    for piece in blocks:
        (x, y), (to_x, to_y) = piece.start, piece.end
        for step in range(each):
            share = (step + 0.5) / each
            number = piece.hundred + 2 + int(share * 48) * 2 + step % 2
            off = 0.00012 if number % 2 == 0 else -0.00012
            off_x, off_y = (0.0, off) if y == to_y else (-off, 0.0)
            longitude, latitude = x + (to_x - x) * share + off_x, y + (to_y - y) * share + off_y
            yield Home(number, piece.name, piece.city, CITIES[piece.city], round(longitude, 7), round(latitude, 7))


def edges(blocks: Iterable[Piece]) -> Iterator[Edge]:
    """Give the blocks as a county's file of streets has them."""
    for piece in blocks:
        left, right = (piece.hundred + 2, piece.hundred + 98), (piece.hundred + 1, piece.hundred + 99)
        yield Edge(piece.name, (piece.start, piece.end), left, right, CITIES[piece.city])
