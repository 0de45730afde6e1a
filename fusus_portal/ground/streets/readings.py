"""How a text may be read as an address: its number, its street, its city, in each way that makes sense."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .street_names import StreetName, from_words, plain
from .street_words import DIRECTION, DIRECTIONS, SUFFIX, SUFFIX_WORDS, UNITS, UNITS_ALONE

LONGEST: Final = 120
"""Letters of a text that are read."""

_BLOCK: Final = re.compile(r"(\d{1,6}) ?(?:-|HUNDRED)? ?(?:BLOCK|BLK)(?: OF)?(?: THE)? (.+)")
_CORNER: Final = re.compile(r"(?:CORNER OF |INTERSECTION OF )?(.+?)(?: ?[&/@] ?| AND | AT )(.+)")
_NUMBER: Final = re.compile(r"0*(\d{1,6})(?:-?([A-Z]))?")
_FRACTION: Final = re.compile(r"\d/\d")
_ZIP_CODE: Final = re.compile(r"(\d{5})(?:-?\d{4})?")
_ID: Final = re.compile(r"#?(?:\d+[A-Z]?|[A-Z]\d*|[A-Z]-\d+|\d+-[A-Z0-9]+)")
_WRONG_ORDINAL: Final = re.compile(r"(\d+)[A-Z]{2}")
_STATES: Final = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "DC",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "PR",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "ALABAMA",
        "GEORGIA",
        "FLORIDA",
        "TENNESSEE",
        "MISSISSIPPI",
        "TEXAS",
        "CALIFORNIA",
    ]
)
_LONG_WORDS: Final = {word: short for short, word in SUFFIX_WORDS.items() if len(word) > 3}
_SHORT_WORDS: Final = ("AVE", "BLVD", "CIR", "HWY", "PKWY", "TER", "TRL", "WAY")
_BENT_WORDS: Final = (*_LONG_WORDS, *DIRECTIONS, *_SHORT_WORDS)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text. number: of the house, or the first of a block. cost: how far the text was bent."""

    street: StreetName
    number: int | None = None
    letter: str = ""
    zip_code: str = ""
    city: str = ""
    is_block: bool = False
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
        told = f"{int(block[1]) // 100 * 100} {block[2]}"
    street_part, _, tail = told.partition(",")
    words, zip_code, city = _without_city(_split(street_part), _split(tail), cities)
    found = []
    for number, letter, rest, cost in _numbered(_without_unit(words), is_block=bool(block)):
        for name, bend in _streets(rest, bent=bent):
            found.append(Reading(name, number, letter, zip_code, city, bool(block), cost + bend))
    return sorted(found, key=lambda reading: reading.cost)


def _split(text: str) -> list[str]:
    return text.replace(",", " ").replace("#", " # ").split()


def _without_city(words: list[str], tail: list[str], cities: Mapping[str, str]) -> tuple[list[str], str, str]:
    """Return the words of the street, the ZIP code and the city."""
    has_tail = bool(tail)
    rest = [*words, *tail]
    least = len(words) if has_tail and len(words) > 1 else 2
    zip_code = ""
    match = _ZIP_CODE.fullmatch(rest[-1]) if len(rest) > least else None
    if match:
        zip_code, rest = match[1], rest[:-1]
    if len(rest) > least and rest[-1] in _STATES:
        before = any(" ".join(rest[-size - 1 : -1]) in cities for size in (1, 2, 3))
        if has_tail or before or (zip_code and rest[-1] not in SUFFIX):
            rest = rest[:-1]
    for size in (4, 3, 2, 1):
        name = " ".join(rest[-size:])
        if len(rest) - size >= min(least, 2) and name in cities:
            return rest[:-size], zip_code, cities[name]
    if has_tail:
        return words, zip_code, _close_city(" ".join(rest[len(words) :]), cities)
    return rest, zip_code, ""


def _close_city(text: str, cities: Mapping[str, str]) -> str:
    near = [(OSA.distance(text, name), city) for name, city in cities.items()]
    off, city = min(near, default=(9, ""))
    return city if text and off <= 2 else ""


def _without_unit(words: list[str]) -> list[str]:
    """Return the words without what names a part of a building."""
    for at, word in enumerate(words):
        if at < 2:
            continue
        if word == "#":
            return words[:at]
        follows = words[at + 1] if at + 1 < len(words) else ""
        if word in UNITS and follows and (follows == "#" or _ID.fullmatch(follows)):
            return words[:at]
        if word in UNITS_ALONE and not follows:
            return words[:at]
    return words


def _numbered(words: list[str], *, is_block: bool) -> Iterator[tuple[int | None, str, list[str], float]]:
    """Give the number, its letter, and the words of the street, in each way that makes sense."""
    match = _NUMBER.fullmatch(words[0]) if len(words) > 1 else None
    if match is None or match[1] == "0":
        yield None, "", words, 0.0
        return
    number, letter, rest = int(match[1]), match[2] or "", words[1:]
    if _FRACTION.fullmatch(rest[0]) and len(rest) > 1:
        letter, rest = rest[0], rest[1:]
    only_kind = all(word in SUFFIX or word in DIRECTION for word in rest)
    yield number, letter, rest, 2.0 if only_kind and not is_block else 0.0
    if not is_block and (only_kind or len(words) == 2):
        yield None, "", words, 0.0 if only_kind else 2.0


def _streets(words: Sequence[str], *, bent: bool) -> Iterator[tuple[StreetName, float]]:
    """Give the names that words of a street may mean."""
    if not words:
        return
    yield from_words(list(words)), 0.0
    if len(words) > 1 and words[-1] not in SUFFIX and words[-1] not in DIRECTION:
        for word, short in _LONG_WORDS.items():
            if len(words[-1]) > 1 and word.startswith(words[-1]):
                yield from_words([*words[:-1], short]), 0.5
                break
    if bent:
        for at in range(len(words)):
            for word in _bent(words[at]):
                yield from_words([*words[:at], word, *words[at + 1 :]]), 1.5


def _bent(word: str) -> Iterator[str]:
    """Give the words that a word may have been meant for: a kind or direction with a wrong letter, an ordinal."""
    match = _WRONG_ORDINAL.fullmatch(word)
    if match:
        yield match[1]
    if word in SUFFIX or word in DIRECTION or len(word) < 3:
        return
    choices, most = (_SHORT_WORDS, 1) if len(word) < 4 else (_BENT_WORDS, 1 if len(word) < 8 else 2)
    for meant, _off, _at in process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=3):
        yield meant
