"""Twelve ways in which people write an address, with and without what comes after the street."""

import random
import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from .three_counties import Home

DIRECTIONS: Final = {
    "N": "North", "S": "South", "E": "East", "W": "West",
    "NE": "Northeast", "NW": "Northwest", "SE": "Southeast", "SW": "Southwest",
}  # fmt: skip
KINDS: Final = {
    "St": "Street", "Ave": "Avenue", "Rd": "Road", "Dr": "Drive", "Ln": "Lane", "Ct": "Court", "Cir": "Circle",
    "Blvd": "Boulevard", "Pl": "Place", "Ter": "Terrace", "Trl": "Trail", "Pkwy": "Parkway", "Cv": "Cove",
    "Hwy": "Highway", "Rte": "Route",
}  # fmt: skip
OTHER_KINDS: Final = {
    "Street": "Str",
    "Avenue": "Av",
    "Court": "Crt",
    "Circle": "Circ",
    "Parkway": "Pky",
    "Terrace": "Terr",
}
ONES: Final = [
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
]
TENS: Final = {
    2: ("Twenty", "Twentieth"),
    3: ("Thirty", "Thirtieth"),
    4: ("Forty", "Fortieth"),
    5: ("Fifty", "Fiftieth"),
}
UNITS: Final = (" Apt 4", " #12", " Unit B", ", Suite 300", " apt. 2C", ", Lot 7")
STATES: Final = {"AL": "Alabama", "OH": "Ohio", "ND": "North Dakota"}
OTHER_CITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "Barton City": ("Barton", "barton cty"),
    "Barton Heights": ("Barton Hts", "Barton Hts."),
    "St. Clair": ("Saint Clair", "St Clair"),
    "Mount Holly": ("Mt. Holly", "Mt Holly"),
    "Ft. Wayne Springs": ("Fort Wayne Springs", "Ft Wayne Spgs"),
    "Saint Louisville": ("St Louisville", "St. Louisville"),
    "Hog Run Township": ("Hog Run", "Hog Run Twp"),
    "North Union": ("N Union", "No. Union"),
    "Mt. Davenport": ("Mount Davenport", "Davenport"),
    "Newark": ("Newark Ohio", "City of Newark"),
}
ROUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "State Rte": ("SR {}", "State Route {}", "St Rt {}", "Route {}", "Rte. {}", "State Hwy {}", "OH-{}", "Highway {}"),
    "US Hwy": ("US {}", "U.S. Route {}", "US Highway {}", "US-{}", "Hwy {}", "Route {}"),
    "Co Rd": ("CR {}", "County Road {}", "Co. Rd. {}", "Cnty Rd {}", "County Rd {}"),
    "County Road": ("CR {}", "Co Rd {}"),
    "Twp Rd": ("TR {}", "Township Road {}", "Twp. Rd. {}"),
}
Words = list[str]


def written(home: Home, way: str, chance: random.Random, streets: Collection[str] = ()) -> str:
    """Return an address as one of WAYS writes it. streets: all of the county, which no wrong letter leads to."""
    if way == "letter wrong":
        words = _wrong(home.street.split(), chance, streets)
        return f"{home.number} {' '.join(words)}, {home.said} {home.zip_code}"
    return f"{home.number} {HOW[way](home, chance)}"


def _number_and_street(home: Home, chance: random.Random) -> str:
    return home.street


def _all_in_words(home: Home, chance: random.Random) -> str:
    return " ".join(_in_words(home.street.split()))


def _shortened(home: Home, chance: random.Random) -> str:
    return f"{' '.join(_short(home.street.split()))} {home.said.lower()}"


def _no_direction(home: Home, chance: random.Random) -> str:
    words = home.street.split()
    # Of four quarters nobody finds one among the first two: there the ZIP code is written.
    needs_code = any(len(word) == 2 for word in words if word in DIRECTIONS) or chance.random() < 0.5
    return f"{' '.join(_without(words))}{f', {home.zip_code}' if needs_code else ''}"


def _direction_turned(home: Home, chance: random.Random) -> str:
    tail = chance.choice([home.zip_code, f"{home.state} {home.zip_code}", home.said])
    return f"{' '.join(_turned(home.street.split()))} {tail}"


def _with_a_unit(home: Home, chance: random.Random) -> str:
    tail = chance.choice(["", f", {home.said}, {home.state} {home.zip_code}"])
    return f"{home.street}{chance.choice(UNITS)}{tail}"


def _whole(home: Home, chance: random.Random) -> str:
    return f"{home.street}, {home.said}, {chance.choice([home.state, STATES[home.state]])} {home.zip_code}"


def _no_commas(home: Home, chance: random.Random) -> str:
    return f"{home.street} {home.said} {home.state} {home.zip_code}".upper()


def _too_many_commas(home: Home, chance: random.Random) -> str:
    street = home.street.replace(" ", ", ") if chance.random() < 0.5 else home.street
    return f", {street}, {home.said},, {home.state}, {home.zip_code},"


def _another_city(home: Home, chance: random.Random) -> str:
    """Return it with the city written otherwise; where that has one name only, with the state and no city."""
    cities = OTHER_CITIES.get(home.said, (home.state,))
    tail = chance.choice(["", f" {home.zip_code}"])
    return f"{home.street}{chance.choice([', ', ' '])}{chance.choice(cities)}{tail}"


def _in_words(words: Words) -> Words:
    return [_long(word, at, words) for at, word in enumerate(words)]


def _long(word: str, at: int, words: Words) -> str:
    number = re.fullmatch(r"(\d+)(?:st|nd|rd|th)", word)
    if number:
        return _ordinal_word(int(number[1]))
    if word in DIRECTIONS and len(words) > 2 and at in (0, len(words) - 1) and words[0] != "Avenue":
        return DIRECTIONS[word]
    return KINDS.get(word, word) if at else word


def _ordinal_word(number: int, link: str = "-") -> str:
    if number < 20:
        return ONES[number - 1]
    ten, one = divmod(number, 10)
    return f"{TENS[ten][0]}{link}{ONES[one - 1].lower()}" if one else TENS[ten][1]


def _short(words: Words) -> Words:
    return [f"{word.lower()}." if word in KINDS and at else word.lower() for at, word in enumerate(words)]


def _without(words: Words) -> Words:
    """Return the words without the direction at an end. "Avenue E" and "E St" have none."""
    if len(words) < 3 or words[0] == "Avenue":
        return words
    words = words[1:] if words[0] in DIRECTIONS else words
    return words[:-1] if len(words) > 2 and words[-1] in DIRECTIONS else words


def _turned(words: Words) -> Words:
    if len(words) < 3:
        return words
    if words[0] in DIRECTIONS:
        return [*words[1:], words[0]]
    return [words[-1], *words[:-1]] if words[-1] in DIRECTIONS else words


def _another_name(home: Home, chance: random.Random) -> str:
    """Return another name of a street that leads there: a second one, a route or an ordinal said otherwise."""
    if home.others and chance.random() < 0.5:
        return chance.choice(home.others)
    for route, ways in ROUTES.items():
        found = re.fullmatch(rf"{route} (\w+)( \w+)?", home.street)
        if found:
            return chance.choice(ways).format(found[1]) + (found[2] or "")
    number = re.match(r"(\d+)(st|nd|rd|th)(.*)", home.street)
    if number:
        wrong = {"th": "st", "st": "th", "nd": "th", "rd": "th"}[number[2]]
        ways = (f"{number[1]}{wrong}", f"{number[1]} {number[2]}", _ordinal_word(int(number[1]), " "), number[1])
        return chance.choice(ways) + number[3]
    words = _in_words(home.street.split())
    return " ".join([words[0], *(OTHER_KINDS.get(word, word) for word in words[1:])])


def _wrong(words: Words, chance: random.Random, streets: Collection[str]) -> Words:
    """Return the words with one letter doubled, left out, swapped or another, in the longest of them."""
    at = max(range(len(words)), key=lambda each: len(re.sub(r"[^A-Za-z]", "", words[each])))
    word = words[at]
    if len(word) < 4 or word[0].isdigit():
        at = next((each for each, told in enumerate(words) if told in KINDS), at)
        word = KINDS.get(words[at], words[at])
    if len(word) < 4:
        return words
    kinds: tuple[Callable[[int], str], ...] = (
        lambda place: word[:place] + word[place] + word[place:],
        lambda place: word[:place] + word[place + 1 :],
        lambda place: word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :],
        lambda place: word[:place] + chance.choice("aeiourstln") + word[place + 1 :],
    )
    names = {street.split(maxsplit=1)[0] for street in streets} | set(KINDS.values())
    for _try in range(20):
        wrong = chance.choice(kinds)(chance.randrange(1, len(word) - 1))
        if wrong not in names:
            return [*words[:at], wrong, *words[at + 1 :]]
    return words


HOW: Final[Mapping[str, Callable[[Home, random.Random], str]]] = {
    "number and street": _number_and_street,
    "in words": _all_in_words,
    "shortened": _shortened,
    "no direction": _no_direction,
    "direction turned": _direction_turned,
    "with a unit": _with_a_unit,
    "whole": _whole,
    "no commas": _no_commas,
    "too many commas": _too_many_commas,
    "another city": _another_city,
    "another name": _another_name,
}
WAYS: Final = (*HOW, "letter wrong")
