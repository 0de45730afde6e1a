"""Street names as they are compared: "North Twentieth Street" and "20TH ST N" are one."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from .street_words import BEFORE, DIRECTION, KINDS_BEFORE, ORDINAL, ROADS, SUFFIX, SUFFIX_WORDS, TENS

_NOT_A_WORD: Final = re.compile(r"[^A-Z0-9&/@,#' -]+")
_INITIAL: Final = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)")
_ORDINAL: Final = re.compile(r"0*(\d+)(?:ST|ND|RD|TH)")
_ROADS: Final = [
    (re.compile(rf"(?:([NSEW]) )?{written} ?-?(\d+[A-Z]?)(?: ([NSEW]{{1,2}}))?"), kept) for written, kept in ROADS
]
_STAY: Final = frozenset(["N", "S", "E", "W", "NE", "NW", "SE", "SW", "US", "CO", "I", "II", "III", "IV"])
"""Short words that people write in capitals."""


@dataclass(frozen=True)
class StreetName:
    """A street's name in parts.

    base: its own name, in capitals. kind: "ST", "AVE" and so on, "" for none. direction: "N", "SW" and so on, wherever
    it was written, "W N" for "West 4th Street North", "" for none; first: whether one came before the name.
    """

    base: str
    kind: str = ""
    direction: str = ""
    first: bool = False

    @cached_property
    def key(self) -> str:
        """The base without spaces: what an index is asked for."""
        return self.base.replace(" ", "").replace("'", "").replace("-", "")


def plain(text: str) -> str:
    """Return a text in capitals, without accents, dots or needless spaces: "U.S. Hwy" as "US HWY"."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(_NOT_A_WORD.sub(" ", _INITIAL.sub(r"\1", bare.upper())).split())


def compact(text: str) -> str:
    """Return a `plain` text without spaces, by which names are compared."""
    return plain(text).replace(" ", "").replace("'", "").replace("-", "")


def label(text: str) -> str:
    """Return a street's name as people read it: "20TH ST S" as "20th St S"."""
    words = text.split()
    if not text.isupper():
        return " ".join(words)
    return " ".join(map(_capitalized, words))


def _capitalized(word: str) -> str:
    if word in _STAY:
        return word
    return word.lower() if word[0].isdigit() else word.capitalize()


def street_name(text: str) -> StreetName:
    """Return the parts of a street's name as a person or a file writes it."""
    return from_words(tuple(plain(text).replace(",", " ").replace("#", " ").split()))


@lru_cache(maxsize=50_000)
def from_words(words: tuple[str, ...]) -> StreetName:
    """Return the parts of a street's name, given as `plain` words."""
    rest = _numbers(words)
    road = _numbered_road(rest)
    if road is not None:
        return road
    rest, before = _without_direction(rest, at=0)
    rest, after = _without_direction(rest, at=-1)
    rest, kind, behind_kind = _without_kind(rest, has_direction=bool(before or after))
    direction = " ".join(filter(None, (before, after or behind_kind)))
    if len(rest) > 1:
        rest = [BEFORE.get(rest[0], rest[0]), *rest[1:]]
        rest = [SUFFIX_WORDS[SUFFIX[word]] if word in SUFFIX else word for word in rest]
    return StreetName(" ".join(rest), kind, direction, bool(before))


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
    """Return the words without a direction at an end, and it. A name that would be nothing but a kind keeps it."""
    if len(words) < 2 or words[at] not in DIRECTION:
        return words, ""
    rest = words[1:] if at == 0 else words[:-1]
    if len(rest) == 1 and rest[0] in SUFFIX:
        return words, ""
    return rest, DIRECTION[words[at]]


def _numbers(words: tuple[str, ...]) -> list[str]:
    """Return the words with ordinals as plain numbers: "20TH", "TWENTIETH" and "TWENTY FIRST" are 20, 20 and 21."""
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
    """Return a highway or county road by its number, None for any other street."""
    if not any(word[-1].isdigit() or word[:-1].isdigit() for word in words):
        return None
    text = " ".join(SUFFIX.get(word, word) for word in words)
    for pattern, kept in _ROADS:
        match = pattern.fullmatch(text)
        if match:
            return StreetName(f"{kept} {match[2]}", "", match[1] or match[3] or "", bool(match[1]))
    return None
