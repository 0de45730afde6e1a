"""Readings of a typed text as an address: number, street and city, in each way that makes sense."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from fusus_portal.ground.streets.finder import names
from fusus_portal.ground.streets.finder.names import DIRECTION, SUFFIX, CityNames, StreetName, from_words, plain
from fusus_portal.ground.streets.finder.numbers import LONGEST_TEXT, HouseNumber, house_number, split, without_units

BLOCK: Final = 100
"""Numbers of a block: 2000 to 2099 for the 2000 block."""

_BLOCK: Final = re.compile(r"(?:THE )?(\d{1,6}) ?-?(HUNDRED)? ?(?:BLOCK|BLK)(?: OF)?(?: THE)? (.+)")
_BLOCK_AFTER: Final = re.compile(r"(.+?),? (\d{1,6}) ?-?(HUNDRED)? ?(?:BLOCK|BLK)")
_CORNER: Final = re.compile(r"(?:CORNER OF |INTERSECTION OF )?(.+?)(?: ?[&/@] ?| AND | AT )(.+)")
_FRACTION: Final = re.compile(r"\d/\d")
_ZIP_CODE: Final = re.compile(r"(\d{5})(?:-?\d{4})?")
_COUNTRY: Final = (("USA",), ("US",), ("UNITED", "STATES"), ("UNITED", "STATES", "OF", "AMERICA"))
_LONG_KINDS: Final = {word: short for short, word in names.SUFFIX_WORDS.items() if len(word) > 3}
_SHORT_KINDS: Final = ("AVE", "BLVD", "CIR", "HWY", "PKWY", "TER", "TRL", "WAY")
_ROAD_WORDS: Final = ("STATE", "COUNTY", "TOWNSHIP", "PRIVATE", "ROUTE")
_MISSPELLED: Final = (*_LONG_KINDS, *names.DIRECTIONS, *_SHORT_KINDS, *_ROAD_WORDS)
_WELL_WRITTEN: Final = frozenset({*_MISSPELLED, *DIRECTION})
_WORDS_OF_A_CITY: Final = 4
UNPARTED: Final = 1.2
"""Cost of words after a street, with no comma and no known city: they may belong to it, so a reading is never sure."""

_BENT: Final = 3
"""Most splits into street and city that are tried with typos."""


class Numbers(NamedTuple):
    house: HouseNumber
    is_block: bool = False

    @property
    def first(self) -> int:
        return self.house.number

    @property
    def last(self) -> int:
        return self.first + (BLOCK - 1 if self.is_block else 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a typed text.

    numbers: None for a street alone. cities: normalized names that may be meant. unknown: words after the street that
    name no city of the county. elsewhere: the text names another state. left_out, against: costs of omissions, typos.
    """

    street: StreetName
    numbers: Numbers | None = None
    zip_code: str = ""
    cities: frozenset[str] = frozenset()
    unknown: str = ""
    elsewhere: bool = False
    left_out: float = 0.0
    against: float = 0.0

    @property
    def cost(self) -> float:
        return self.left_out + self.against


class Tail(NamedTuple):
    words: list[str]
    commas: frozenset[int]
    zip_code: str = ""
    elsewhere: bool = False


class Cut(NamedTuple):
    """A split of words into street and city. against: cost of the rest if it names no city of the county."""

    street: list[str]
    cities: frozenset[str]
    unknown: str
    cost: float
    against: float = 0.0


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads typed texts as addresses of one county. state: its two letters and its name, in upper case."""

    cities: CityNames
    state: frozenset[str]

    def read(self, text: str, *, bent: bool = False) -> list[Reading]:
        """Return the readings of a text, the likeliest first. bent: words may be a letter or two off."""
        told, block = _without_block(plain(text[:LONGEST_TEXT]))
        found = []
        for tail in self._tails(*split(told)):
            cuts = sorted(self._cuts(tail), key=lambda cut: cut.cost)
            for cut in cuts[:_BENT] if bent else cuts:
                found += list(_readings(cut, tail, block, bent=bent))
        return sorted(found, key=lambda reading: reading.cost)

    def _tails(self, words: list[str], commas: frozenset[int]) -> Iterator[Tail]:
        """Yield the words without ZIP code and state, in each way that is possible: CT is a court or Connecticut."""
        words = _without_country(words)
        if len(words) > 2 and (match := _ZIP_CODE.fullmatch(words[-1])):
            if words[-2] in SUFFIX or words[-2] in {"CR", "SR", "FM"}:
                yield Tail(words, commas)
            yield from self._states(_without_country(words[:-1]), commas, match[1])
        else:
            yield from self._states(words, commas, "")

    def _states(self, words: list[str], commas: frozenset[int], zip_code: str) -> Iterator[Tail]:
        size = next((size for size in (3, 2, 1) if " ".join(words[-size:]) in _STATES_WRITTEN), 0)
        rest = words[: len(words) - size]
        if not size or len(rest) < 2:
            yield Tail(words, commas, zip_code)
            return
        state = " ".join(words[-size:])
        is_own = state in self.state
        is_told = bool(zip_code) or len(rest) in commas or bool(self.cities.known(rest[-1:]))
        if is_own or is_told:
            yield Tail(rest, commas, zip_code, elsewhere=not is_own)
        if state in SUFFIX or state in DIRECTION or not is_own:
            yield Tail(words, commas, zip_code)

    def _cuts(self, tail: Tail) -> Iterator[Cut]:
        words, unit = without_units(tail.words)
        commas = tail.commas if not unit else frozenset(at for at in tail.commas if at <= unit[0])
        many = len(commas) >= len(words) - 1
        for end in range(len(words), 0, -1):
            if end < 2 and len(words) > 1 and house_number(words[0]):
                return
            inside = sum(1 for at in commas if 1 < at < end)
            cost = 0.0 if many or not inside else 0.4
            rest = words[end:]
            is_parted = (end in commas and not many) or (unit is not None and unit[0] == end)
            yield from self._cut(words[:end], rest, cost, is_parted=is_parted)

    def _cut(self, street: list[str], rest: list[str], cost: float, *, is_parted: bool) -> Iterator[Cut]:
        if not rest:
            yield Cut(street, frozenset(), "", cost)
        elif cities := self.cities.known(rest):
            yield Cut(street, cities, "", cost)
        elif len(rest) <= _WORDS_OF_A_CITY or is_parted:
            name = from_words(tuple(street[1:] if house_number(street[0]) else street))
            ends = is_parted or bool(name.kind or name.direction or name.key[-1:].isdigit())
            if ends and (cities := self.cities.close(rest)):
                yield Cut(street, cities, "", cost + 0.3)
            elif is_parted:
                yield Cut(street, frozenset(), " ".join(rest), cost + 0.3)
            else:
                # A longer street with a typo may begin like an existing one.
                more = (0.3 if ends else 1.0) + 0.1 * len(rest)
                more += 1.5 if not ends and (rest[0] in SUFFIX or rest[0] in DIRECTION) else 0.0
                yield Cut(street, frozenset(), " ".join(rest), cost + more, UNPARTED)


_STATES_WRITTEN: Final = names.STATES | frozenset(names.STATE_NAMES)


def corner_of(text: str) -> tuple[str, str] | None:
    """Return the two streets of a corner, "20th St S & 11th Ave S", or None."""
    match = _CORNER.fullmatch(plain(text[:LONGEST_TEXT]))
    return (match[1], match[2]) if match else None


def house_and_street(text: str) -> tuple[int, str]:
    """Return house number and street, in upper case, of "2024 11th Ave S, Apt 4". Raises ValueError if unclear."""
    words, _unit_place = without_units(split(plain(text[:LONGEST_TEXT].partition(",")[0]))[0], keep_rest=False)
    numbers, street, _cost = next(_numbered(words))
    if numbers is None or not from_words(tuple(street)).kind:
        raise ValueError("no house number, or no kind of street")
    return numbers.first, " ".join(street)


def _without_block(told: str) -> tuple[str, Numbers | None]:
    """Return a text without "the 2000 block of", and the numbers of that block or None."""
    match = _BLOCK.fullmatch(told)
    if match:
        number, hundred, rest = match.groups()
    elif match := _BLOCK_AFTER.fullmatch(told):
        rest, number, hundred = match.groups()
    else:
        return told, None
    first = int(number) * (BLOCK if hundred else 1) // BLOCK * BLOCK
    return rest, Numbers(HouseNumber(first), is_block=True)


def _without_country(words: list[str]) -> list[str]:
    for name in _COUNTRY:
        if len(words) > len(name) + 2 and tuple(words[-len(name) :]) == name:
            return words[: -len(name)]
    return words


def _readings(cut: Cut, tail: Tail, block: Numbers | None, *, bent: bool) -> Iterator[Reading]:
    ways = [(block, cut.street, 0.0)] if block else _numbered(cut.street)
    for numbers, rest, cost in ways:
        for name, left_out, against in _streets(rest, bent=bent):
            less, more = left_out + cost + cut.cost, against + cut.against
            yield Reading(name, numbers, tail.zip_code, cut.cities, cut.unknown, tail.elsewhere, less, more)


def _numbered(words: list[str]) -> Iterator[tuple[Numbers | None, list[str], float]]:
    house = house_number(words[0]) if len(words) > 1 else None
    if house is None:
        yield None, words, 0.0
        return
    rest = words[1:]
    if _FRACTION.fullmatch(rest[0]) and len(rest) > 1:
        house, rest = HouseNumber(house.number, rest[0]), rest[1:]
    yield Numbers(house), rest, 0.0
    if house.letter.startswith("-"):
        yield Numbers(HouseNumber(int(words[0].partition("-")[0]))), rest, 1.0
    if all(word in SUFFIX or word in DIRECTION for word in rest):
        yield None, words, 0.0
    elif len(words) == 2:
        yield None, words, 2.0


def _streets(words: Sequence[str], *, bent: bool) -> Iterator[tuple[StreetName, float, float]]:
    """Yield the names that a street's words may mean, with costs of omissions and typos."""
    if not words:
        return
    name = from_words(tuple(words))
    yield name, 0.0, 0.0
    yield from ((alike, 0.3, 0.0) for alike in _roads_alike(name))
    if whole := names.whole_base(tuple(words)):
        yield whole, 0.1, 0.0
    if len(words) > 1 and words[-1] not in SUFFIX and words[-1] not in DIRECTION:
        begun = [short for word, short in _LONG_KINDS.items() if len(words[-1]) > 1 and word.startswith(words[-1])]
        yield from ((from_words((*words[:-1], short)), 0.5, 0.0) for short in begun[:1])
    if bent:
        meant = ((at, kind) for at, word in enumerate(words) for kind in _meant(word))
        yield from ((from_words((*words[:at], kind, *words[at + 1 :])), 0.0, 1.5) for at, kind in meant)


def _roads_alike(name: StreetName) -> Iterator[StreetName]:
    """Yield the other roads meant by "Highway 31", or "Highway 31" for a road that it may mean."""
    road, _, number = name.base.rpartition(" ")
    others = names.ROADS_ALIKE.get(road) or [each for each, alike in names.ROADS_ALIKE.items() if road in alike]
    for other in others:
        yield StreetName(f"{other} {number}", "", name.direction, name.first)


def _meant(word: str) -> Iterator[str]:
    """Yield kinds and directions that a misspelled word may mean; "Rad" is a radial, but most people mean a road."""
    if word in _WELL_WRITTEN or len(word) < 3:
        return
    choices = ("ROAD", *_SHORT_KINDS, *names.DIRECTIONS) if len(word) < 4 else _MISSPELLED
    most = 1 if len(word) < 8 else 2
    for meant, _off, _at in process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=3):
        yield meant
