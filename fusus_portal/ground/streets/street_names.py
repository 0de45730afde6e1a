"""Street names, normalized for comparison: "North Twentieth Street" and "20TH ST N" are one."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from .street_words import (
    BEFORE,
    DIRECTION,
    KINDS_BEFORE,
    ORDINAL,
    ROAD_PARTS,
    ROADS,
    STATES,
    SUFFIX,
    SUFFIX_WORDS,
    TENS,
    TITLES,
)

_NOT_A_WORD: Final = re.compile(r"[^A-Z0-9&/@,#' -]+")
_INITIAL: Final = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)")
_ORDINAL: Final = re.compile(r"0*(\d+)(?:ST|ND|RD|TH)")
_ENDINGS: Final = frozenset(["ST", "ND", "RD", "TH"])
_WAY: Final = "(N|S|E|W|NE|NW|SE|SW)"
_PART: Final = rf"(?: ({'|'.join(sorted(ROAD_PARTS))}))?"
_LETTERED: Final = {"CO RD", "STATE HWY"}
"""Roads that some states letter: "County Road KK"."""
_STATE: Final = rf"(?:{'|'.join(sorted(STATES - {'CO'}))})[ -](?:STATE )?(?:HWY|RTE|RD)?"


def _road(written: str, kept: str, number: str) -> tuple[re.Pattern[str], str]:
    return re.compile(rf"(OLD )?(?:{_WAY} )?{written}{number}{_PART}(?: {_WAY})?"), kept


_ROADS: Final = [
    *(_road(written, kept, r"[ -]{0,2}(\d+[A-Z]?)") for written, kept in (*ROADS, (_STATE, "STATE HWY"))),
    *(_road(written, kept, r"[ -]([A-Z]{1,2})") for written, kept in ROADS if kept in _LETTERED),
]
_STAY: Final = frozenset(["N", "S", "E", "W", "NE", "NW", "SE", "SW", "US", "CO", "I", "II", "III", "IV"])
"""Short words that stay in upper case."""


@dataclass(frozen=True)
class StreetName:
    """A parsed street name.

    base: its own name, in upper case. kind: "ST", "AVE" and so on, or "". direction: "N", "SW" and so on, before or
    after the name, "W N" for "West 4th Street North", or "". first: one came before the name.
    """

    base: str
    kind: str = ""
    direction: str = ""
    first: bool = False

    @cached_property
    def key(self) -> str:
        return self.base.replace(" ", "").replace("'", "").replace("-", "")


def plain(text: str) -> str:
    """Return a text in upper case, without accents, dots and extra spaces: "U.S. Hwy" as "US HWY"."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(_NOT_A_WORD.sub(" ", _INITIAL.sub(r"\1", bare.upper())).split())


def compact(text: str) -> str:
    """Return a `plain` text without spaces, for comparison."""
    return plain(text).replace(" ", "").replace("'", "").replace("-", "")


def label(text: str) -> str:
    """Return a street's name for people to read: "20TH ST S" as "20th St S"."""
    words = text.split()
    if not text.isupper():
        return " ".join(words)
    return " ".join(map(_capitalized, words))


def _capitalized(word: str) -> str:
    if word in _STAY:
        return word
    return word.lower() if word[0].isdigit() else word.capitalize()


def street_name(text: str) -> StreetName:
    return from_words(tuple(plain(text).replace(",", " ").replace("#", " ").split()))


@lru_cache(maxsize=50_000)
def from_words(words: tuple[str, ...]) -> StreetName:
    rest = _numbers(_split_ordinals(words)) or [""]
    if len(rest) > 1 and rest[0] == "THE":
        rest = rest[1:]
    road = _numbered_road(rest)
    if road is not None:
        return road
    rest, before = _without_direction(rest, at=0)
    rest, after = _without_direction(rest, at=-1)
    if len(rest) > 1 and rest[0] == "THE":
        rest = rest[1:]
    rest, kind, behind_kind = _without_kind(rest, has_direction=bool(before or after))
    direction = " ".join(filter(None, (before, after or behind_kind)))
    if kind and len(rest) == 1 and rest[0] in SUFFIX:
        rest = [SUFFIX_WORDS[SUFFIX[rest[0]]]]
    return StreetName(_base(rest), kind, direction, bool(before))


def whole_base(words: tuple[str, ...]) -> StreetName | None:
    """Return the name of a street whose last word only looks like its kind: "Oak Ridge" of "Oak Ridge Rd"; or None."""
    name = from_words(words)
    last = words[:-1] if len(words) > 2 and words[-1] in DIRECTION else words
    rest, before = _without_direction(_numbers(_split_ordinals(last)), at=0)
    if not name.kind or len(rest) < 2 or rest[-1] not in SUFFIX:
        return None
    return StreetName(_base(rest), "", name.direction, bool(before))


def _base(words: list[str]) -> str:
    """Return a name's words in one form: "St Clair" as "SAINT CLAIR", "Lake Hts" as "LAKE HEIGHTS"."""
    if len(words) > 1:
        words = [
            BEFORE[word] if word in BEFORE and at + 1 < len(words) and (at == 0 or word in {"ST", "MT", "FT"}) else word
            for at, word in enumerate(words)
        ]
        words = [SUFFIX_WORDS[SUFFIX[word]] if word in SUFFIX else TITLES.get(word, word) for word in words]
    return " ".join(words)


def _without_kind(words: list[str], *, has_direction: bool) -> tuple[list[str], str, str]:
    """Return the words without the kind of street, the kind, and a direction between them: "Main N St"."""
    if len(words) < 2:
        return words, "", ""
    if words[-1] in SUFFIX:
        rest, direction = (words[:-1], "") if has_direction else _without_direction(words[:-1], at=-1)
        return rest, SUFFIX[words[-1]], direction
    if words[0] in KINDS_BEFORE:
        return words[1:], KINDS_BEFORE[words[0]], ""
    return words, "", ""


def _without_direction(words: list[str], *, at: int) -> tuple[list[str], str]:
    """Return the words without a direction at an end, and it. A name that is only a kind keeps it."""
    if len(words) < 2 or words[at] not in DIRECTION:
        return words, ""
    rest = words[1:] if at == 0 else words[:-1]
    own = rest[:-1] if at == 0 and rest[-1] in DIRECTION else rest  # "North St E" is North Street
    if len(own) == 1 and own[0] in SUFFIX:
        return words, ""
    return rest, DIRECTION[words[at]]


def _split_ordinals(words: Iterable[str]) -> list[str]:
    """Split "TWENTY-FIRST", and drop the separate endings of "21 ST ST" and "18 TH ST"."""
    told: list[str] = []
    for word in words:
        parts = word.split("-")
        told += parts if len(parts) == 2 and parts[0] in TENS and parts[1] in ORDINAL else [word]
    return [word for at, word in enumerate(told) if not (at and told[at - 1].isdigit() and _is_ending(told, at))]


def _is_ending(words: list[str], at: int) -> bool:
    return words[at] == "TH" or (words[at] in _ENDINGS and at + 1 < len(words) and words[at + 1] in SUFFIX)


def _numbers(words: list[str]) -> list[str]:
    """Replace ordinals by numbers: "20TH", "TWENTIETH" and "TWENTY FIRST" by 20, 20 and 21."""
    told: list[str] = []
    for word in words:
        match = _ORDINAL.fullmatch(word)
        if match:
            told.append(match[1])
        elif word in ORDINAL:
            ten = TENS.get(told[-1]) if told and ORDINAL[word] < 10 else None
            if ten:
                told[-1] = str(ten + ORDINAL[word])
            else:
                told.append(str(ORDINAL[word]))
        else:
            told.append(word)
    return told


def _numbered_road(words: list[str]) -> StreetName | None:
    if len(words) < 2 and not words[0][-1:].isdigit():
        return None
    text = " ".join("RTE" if word == "RT" else DIRECTION.get(word, SUFFIX.get(word, word)) for word in words)
    for pattern, kept in _ROADS:
        match = pattern.fullmatch(text)
        if match and match[3] not in DIRECTION and match[3] not in SUFFIX:
            old, before, number, part, after = match.groups()
            base = " ".join(filter(None, ((old or "").strip(), kept, number, ROAD_PARTS.get(part or ""))))
            return StreetName(base, "", " ".join(filter(None, (before, after))), bool(before))
    return None
