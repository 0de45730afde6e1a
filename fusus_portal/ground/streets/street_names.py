"""Street names as they are compared: "North Twentieth Street" and "20TH ST N" are one."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .street_words import BEFORE, DIRECTION, ORDINAL, ROADS, SUFFIX, SUFFIX_WORDS, TENS

_NOT_A_WORD = re.compile(r"[^A-Z0-9&/@,#' -]+")
_ORDINAL = re.compile(r"0*(\d+)(?:ST|ND|RD|TH)")
_NUMBERED = re.compile(r"\d+[A-Z]?")


@dataclass(frozen=True, slots=True)
class StreetName:
    """A street's name in parts.

    base: its own name, in capitals. kind: "ST", "AVE" and so on, "" for none. directions: "N", "SW" and so on,
    wherever they were written; first: whether one came before the name.
    """

    base: str
    kind: str = ""
    direction: str = ""
    first: bool = False

    @property
    def key(self) -> str:
        """The base without spaces: what an index is asked for."""
        return self.base.replace(" ", "").replace("'", "").replace("-", "")


def plain(text: str) -> str:
    """Return a text in capitals, without accents, dots or needless spaces."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(_NOT_A_WORD.sub(" ", bare.upper().replace(".", " ")).split())


@lru_cache(maxsize=50_000)
def street_name(text: str) -> StreetName:
    """Return the parts of a street's name as a person or a file writes it."""
    return from_words(plain(text).replace(",", " ").replace("#", " ").split())


def from_words(words: list[str]) -> StreetName:
    """Return the parts of a street's name, given as `plain` words."""
    words = _numbers(words)
    road = _numbered_road(words)
    if road is not None:
        return road
    words, before = _without_direction(words, at=0)
    words, after = _without_direction(words, at=-1)
    kind = ""
    if len(words) > 1 and words[-1] in SUFFIX:
        kind = SUFFIX[words[-1]]
        words = words[:-1]
        if not after:
            words, after = _without_direction(words, at=-1)
    elif len(words) > 1 and words[0] in {"AVE", "AVENUE", "STREET", "CALLE"}:
        kind = SUFFIX.get(words[0], "")
        words = words[1:]
    if len(words) > 1:
        words = [BEFORE.get(words[0], words[0]), *words[1:]]
        words = [SUFFIX_WORDS[SUFFIX[word]] if word in SUFFIX else word for word in words]
    return StreetName(" ".join(words), kind, before or after, bool(before))


def _without_direction(words: list[str], *, at: int) -> tuple[list[str], str]:
    """Return the words without a direction at an end, and it. A name that would be nothing but a kind keeps it."""
    if len(words) < 2 or words[at] not in DIRECTION:
        return words, ""
    rest = words[1:] if at == 0 else words[:-1]
    if len(rest) == 1 and rest[0] in SUFFIX:
        return words, ""
    return rest, DIRECTION[words[at]]


def _numbers(words: list[str]) -> list[str]:
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
    text = " ".join(SUFFIX.get(word, word) for word in words).replace("I-", "I ")
    for written, kept in (*ROADS, ("US HWY", "US HWY"), ("CO RD", "CO RD"), ("HWY", "HWY"), ("I", "I")):
        match = re.fullmatch(rf"(?:([NSEW]) )?{written} ?-?(\d+[A-Z]?)(?: ([NSEW]{{1,2}}))?", text)
        if match:
            return StreetName(f"{kept} {match[2]}", "", match[1] or match[3] or "", bool(match[1]))
    return None
