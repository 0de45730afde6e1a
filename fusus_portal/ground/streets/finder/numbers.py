import re
from typing import Final, NamedTuple

from fusus_portal.ground.streets.finder.names import UNITS, UNITS_ALONE, plain

_NUMBER: Final = re.compile(r"0*(\d{1,6})(?:\.0+)?(?:[ -]?([A-Z])|[ -](\d/\d))?")
_HYPHENATED: Final = re.compile(r"0*([1-9]\d{0,2})-(\d{2})")
_SPAN: Final = re.compile(r"0*([1-9]\d{0,5})-\d{1,6}")


class HouseNumber(NamedTuple):
    """A house number and its suffix: "A", "1/2"; "-12" for 8412 written 84-12."""

    number: int
    letter: str = ""

    def __str__(self) -> str:
        if self.letter.startswith("-"):
            return f"{str(self.number)[: 1 - len(self.letter)]}{self.letter}"
        return f"{self.number}{' ' if '/' in self.letter else ''}{self.letter}"


def house_number(text: str) -> HouseNumber | None:
    """Return the house number in a text, or None. 84-12 is block and house (Queens, New York); 1104-1108 is 1104."""
    tidy = text.strip().upper()
    hyphenated = _HYPHENATED.fullmatch(tidy)
    if hyphenated:
        return HouseNumber(int(hyphenated[1] + hyphenated[2]), f"-{hyphenated[2]}")
    span = _SPAN.fullmatch(tidy)
    if span:
        return HouseNumber(int(span[1]))
    match = _NUMBER.fullmatch(tidy)
    if match is None or not int(match[1]):
        return None
    return HouseNumber(int(match[1]), match[2] or match[3] or "")


LONGEST_TEXT: Final = 160
"""Letters of a typed text that are read."""

_ID: Final = re.compile(r"#?(?:\d+[A-Z]?|[A-Z]\d*|[A-Z]-\d+|\d+-[A-Z0-9]+)")
_LONGEST_ID: Final = 6
"""Letters of the longest number of a door: "12-C", "C-204"."""


def split(text: str) -> tuple[list[str], frozenset[int]]:
    """Return a text's words, and for each comma the number of words before it."""
    words: list[str] = []
    commas = set[int]()
    for part in text.replace("#", " # ").split(","):
        words += part.split()
        commas.add(len(words))
    return words, frozenset(commas - {0, len(words)})


def unit_of(text: str) -> str:
    """Return the unit of a street line, "BLDG C APT 4", "# 4", "REAR", or "", without words of other meaning."""
    words, named = split(plain(text[:LONGEST_TEXT]))[0], list[str]()
    for _part in ("building", "door"):
        at = _unit(words)
        part = words[at]
        if part != ["#"] and all(len(word) <= _LONGEST_ID or word in UNITS | UNITS_ALONE for word in part):
            named += part
        words = [*words[:2], *words[at.stop :]]
    return " ".join(named)


def without_units(words: list[str], *, keep_rest: bool = True) -> tuple[list[str], tuple[int, int] | None]:
    """Return the words without units, and the position of the first unit or None."""
    place = None
    while (at := _unit(words)).start < len(words):
        place = place or (at.start, at.stop)
        words = words[: at.start] + (words[at.stop :] if keep_rest else [])
    return words, place


def _unit(words: list[str]) -> slice:
    for at, word in enumerate(words):
        if at < 2:
            continue
        number = at + 2 if word in UNITS and words[at + 1 : at + 2] == ["#"] else at + 1
        has_number = number < len(words) and bool(_ID.fullmatch(words[number]))
        if word == "#" or (word in UNITS and (has_number or number > at + 1)):
            return slice(at, number + 1 if has_number else at + 1)
        if word in UNITS_ALONE and at + 1 == len(words):
            return slice(at, at + 1)
    return slice(len(words), len(words))
