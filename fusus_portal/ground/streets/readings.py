"""How a text may be read as an address: its number, its street, its city, in each way that makes sense."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .house_numbers import HouseNumber, house_number
from .street_names import StreetName, from_words, plain
from .street_words import (
    DIRECTION,
    DIRECTIONS,
    ROADS_ALIKE,
    STATES,
    SUFFIX,
    SUFFIX_WORDS,
    UNITS,
    UNITS_ALONE,
)

LONGEST: Final = 120
"""Letters of a text that are read."""

BLOCK: Final = 100
"""Numbers of one block: those of the 2000 block are 2000 to 2099."""

_BLOCK: Final = re.compile(r"(\d{1,6}) ?(?:-|HUNDRED)? ?(?:BLOCK|BLK)(?: OF)?(?: THE)? (.+)")
_CORNER: Final = re.compile(r"(?:CORNER OF |INTERSECTION OF )?(.+?)(?: ?[&/@] ?| AND | AT )(.+)")
_FRACTION: Final = re.compile(r"\d/\d")
_ZIP_CODE: Final = re.compile(r"(\d{5})(?:-?\d{4})?")
_ID: Final = re.compile(r"#?(?:\d+[A-Z]?|[A-Z]\d*|[A-Z]-\d+|\d+-[A-Z0-9]+)")
_LONGEST_ID: Final = 6
"""Letters of the longest number of a door: "12-C", "C-204"."""
_WRONG_ORDINAL: Final = re.compile(r"(\d+)[A-Z]{2}")
_LONG_KINDS: Final = {word: short for short, word in SUFFIX_WORDS.items() if len(word) > 3}
_SHORT_KINDS: Final = ("AVE", "BLVD", "CIR", "HWY", "PKWY", "TER", "TRL", "WAY")
_MISSPELLED: Final = (*_LONG_KINDS, *DIRECTIONS, *_SHORT_KINDS)


class Numbers(NamedTuple):
    """The numbers that a text asks for: of one house, or of a block."""

    house: HouseNumber
    is_block: bool = False

    @property
    def first(self) -> int:
        """The number, or the first of the block."""
        return self.house.number

    @property
    def last(self) -> int:
        """The number, or the last of the block."""
        return self.first + (BLOCK - 1 if self.is_block else 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text. numbers: None for a street alone. cost: how far the text was bent, 0 for not at all."""

    street: StreetName
    numbers: Numbers | None = None
    zip_code: str = ""
    city: str = ""
    cost: float = 0.0


def corner_of(text: str) -> tuple[str, str] | None:
    """Return the two streets of "20th St S & 11th Ave S", None for another text."""
    match = _CORNER.fullmatch(plain(text[:LONGEST]))
    return (match[1], match[2]) if match else None


def readings(text: str, cities: Mapping[str, str], *, bent: bool = False) -> list[Reading]:
    """Return the ways to read a text, the likeliest first. cities: by plain name. bent: with words a letter off."""
    told = plain(text[:LONGEST])
    block = _BLOCK.fullmatch(told)
    if block:
        told = f"{int(block[1]) // BLOCK * BLOCK or 1} {block[2]}"
    street_part, _, tail = told.partition(",")
    words, zip_code, city = _without_city(_split(street_part), _split(tail), cities)
    found = [
        Reading(name, numbers, zip_code, city, cost + more)
        for numbers, rest, cost in _numbered(_without_unit(words), is_block=bool(block))
        for name, more in _streets(rest, bent=bent)
    ]
    return sorted(found, key=lambda reading: reading.cost)


def _split(text: str) -> list[str]:
    return text.replace(",", " ").replace("#", " # ").split()


def _without_city(words: list[str], tail: list[str], cities: Mapping[str, str]) -> tuple[list[str], str, str]:
    """Return the words of the street, the ZIP code and the city. tail: what follows a comma."""
    least = len(words) if tail and len(words) > 1 else 2
    rest, zip_code = _without_zip_code([*words, *tail], least)
    rest = _without_state(rest, least, has_tail=bool(tail), has_zip_code=bool(zip_code), cities=cities)
    for size in (4, 3, 2, 1):
        name = " ".join(rest[-size:])
        if len(rest) - size >= min(least, 2) and name in cities:
            return rest[:-size], zip_code, cities[name]
    if tail:
        return words, zip_code, _close_city(" ".join(rest[len(words) :]), cities)
    return rest, zip_code, ""


def _without_zip_code(words: list[str], least: int) -> tuple[list[str], str]:
    match = _ZIP_CODE.fullmatch(words[-1]) if len(words) > least else None
    return (words[:-1], match[1]) if match else (words, "")


def _without_state(
    words: list[str], least: int, *, has_tail: bool, has_zip_code: bool, cities: Mapping[str, str]
) -> list[str]:
    """Return the words without a state at their end, if it can't be the kind of a street (CT, LA)."""
    if len(words) <= least or words[-1] not in STATES:
        return words
    follows_city = any(" ".join(words[-size - 1 : -1]) in cities for size in (1, 2, 3))
    is_state = has_tail or follows_city or (has_zip_code and words[-1] not in SUFFIX)
    return words[:-1] if is_state else words


def house_and_street(text: str) -> tuple[int, str]:
    """Return the number and the street, in capitals, of "2024 11th Ave S, Apt 4".

    Raises ValueError where either is not clear: no number, no kind of street, more words than a street has.
    """
    words = _without_unit(_split(plain(text[:LONGEST].partition(",")[0])))
    numbers, street, _cost = next(_numbered(words, is_block=False))
    if numbers is None or not from_words(tuple(street)).kind:
        raise ValueError("no house number, or no kind of street")
    return numbers.first, " ".join(street)


def _close_city(text: str, cities: Mapping[str, str]) -> str:
    near = [(OSA.distance(text, name), city) for name, city in cities.items()]
    off, city = min(near, default=(9, ""))
    return city if text and off <= 2 else ""


def unit_of(text: str) -> str:
    """Return the part of a building that a street line names: "BLDG C APT 4", "# 4", "REAR"; "" for none.

    What is longer than the number of a door is left out: it says something else.
    """
    words, named = _split(plain(text[:LONGEST])), list[str]()
    for _part in ("building", "door"):
        at = _unit(words)
        part = words[at]
        if all(len(word) <= _LONGEST_ID or word in UNITS | UNITS_ALONE for word in part):
            named += part
        words = [*words[:2], *words[at.stop :]]
    return " ".join(named)


def _without_unit(words: list[str]) -> list[str]:
    """Return the words without what names a part of a building, and what follows it."""
    return words[: _unit(words).start]


def _unit(words: list[str]) -> slice:
    """Return which words name a part of a building: its kind, and its number where it has one."""
    for at, word in enumerate(words):
        if at < 2:
            continue
        number = at + 2 if word in UNITS and words[at + 1 : at + 2] == ["#"] else at + 1
        has_number = number < len(words) and bool(_ID.fullmatch(words[number]))
        if word == "#" or (word in UNITS and (has_number or number > at + 1)):
            return slice(at, number + 1 if has_number else at)
        if word in UNITS_ALONE and at + 1 == len(words):
            return slice(at, at + 1)
    return slice(len(words), len(words))


def _numbered(words: list[str], *, is_block: bool) -> Iterator[tuple[Numbers | None, list[str], float]]:
    """Give the numbers, the words of the street, and the cost, in each way that makes sense."""
    house = house_number(words[0]) if len(words) > 1 else None
    if house is None:
        yield None, words, 0.0
        return
    rest = words[1:]
    if _FRACTION.fullmatch(rest[0]) and len(rest) > 1:
        house, rest = HouseNumber(house.number, rest[0]), rest[1:]
    only_kind = all(word in SUFFIX or word in DIRECTION for word in rest)
    yield Numbers(house, is_block), rest, 2.0 if only_kind and not is_block else 0.0
    if house.letter.startswith("-"):
        yield Numbers(HouseNumber(int(words[0].partition("-")[0]))), rest, 1.0
    if not is_block and (only_kind or len(words) == 2):
        yield None, words, 0.0 if only_kind else 2.0


def _streets(words: Sequence[str], *, bent: bool) -> Iterator[tuple[StreetName, float]]:
    """Give the names that words of a street may mean, with the cost."""
    if not words:
        return
    name = from_words(tuple(words))
    yield name, 0.0
    yield from ((alike, 0.3) for alike in _roads_alike(name))
    if len(words) > 1 and words[-1] not in SUFFIX and words[-1] not in DIRECTION:
        begun = [short for word, short in _LONG_KINDS.items() if len(words[-1]) > 1 and word.startswith(words[-1])]
        yield from ((from_words((*words[:-1], short)), 0.5) for short in begun[:1])
    if bent:
        for at, word in enumerate(words):
            for meant in _meant(word):
                yield from_words((*words[:at], meant, *words[at + 1 :])), 1.5


def _roads_alike(name: StreetName) -> Iterator[StreetName]:
    """Give the roads that "Highway 31" may be, and "Highway 31" for each of them."""
    road, _, number = name.base.rpartition(" ")
    others = ROADS_ALIKE if road == "HWY" else ("HWY",) if road in ROADS_ALIKE else ()
    for other in others:
        yield StreetName(f"{other} {number}", "", name.direction, name.first)


def _meant(word: str) -> Iterator[str]:
    """Give the words that a word may have been meant for: a kind or direction with a wrong letter, an ordinal."""
    match = _WRONG_ORDINAL.fullmatch(word)
    if match:
        yield match[1]
    if word in SUFFIX or word in DIRECTION or len(word) < 3:
        return
    choices, most = (_SHORT_KINDS, 1) if len(word) < 4 else (_MISSPELLED, 1 if len(word) < 8 else 2)
    for meant, _off, _at in process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=3):
        yield meant
