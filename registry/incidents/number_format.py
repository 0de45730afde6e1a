"""Format of incident numbers, in a small language: `YYYY-NNNNNN`.

YYYY or YY is the year, N a digit, A a letter. Every other character is literal, and so is a text in square brackets,
for a literal A, N or Y: `[SAN]-YY-NNNN`. Each place is one character, compared alone, so no format is slow.
"""

import re
import string
from collections.abc import Iterator
from typing import Final, NamedTuple

LONGEST_NUMBER: Final = 20
LONGEST_PATTERN: Final = 40
FEWEST_DIGITS: Final = 3
"""Fewest digits that a format needs to count incidents. With fewer the numbers would run out in a week."""

CENTURY: Final = "20"
ALLOWED: Final = {"Y": string.digits, "N": string.digits, "A": string.ascii_uppercase}
ALIKE: Final = {"O": "0", "0": "O", "I": "1L", "L": "1I", "1": "IL"}
PIECE: Final = re.compile(r"\[(?P<literal>[^]]+)\]|(?P<kind>[YNA])(?P=kind)*|.", re.DOTALL)
FIXED: Final = frozenset(string.ascii_uppercase + string.digits + "-/. ")


class UnreadablePattern(ValueError):
    """A format that can't be used. Its text: "brackets", "character", "digits", "long" or "year"."""


class NumberField(NamedTuple):
    """One character of a number. kind: Y, N, A, or "=" for a literal one."""

    kind: str
    allowed: str


class NumberPattern(NamedTuple):
    places: tuple[NumberField, ...]

    def accepts(self, number: str) -> bool:
        return len(number) == len(self.places) and all(
            character in place.allowed for character, place in zip(number, self.places, strict=True)
        )

    def example(self, year: int, nth: int) -> str:
        """Return the nth number of a year: 2026-000123 for 2026 and 123. Letters are all A."""
        texts = {"Y": f"{year:04}"[-self._count("Y") :], "N": f"{nth % 10 ** self._count('N'):0{self._count('N')}}"}
        characters = {kind: iter(text) for kind, text in texts.items()}
        return "".join(
            next(characters[place.kind]) if place.kind in characters else place.allowed[0] for place in self.places
        )

    def meant(self, bare: str) -> str:
        """Return the number that typed letters and digits mean, "" if none: 2026-000123 for 2O26OOO123."""
        typed, number = iter(bare), ""
        for place in self.places:
            read = place.allowed
            if read[0].isalnum():
                character = next(typed, "")
                read = character + ALIKE.get(character, "")
            number += next((each for each in read if each in place.allowed), "?")
        return number if self.accepts(number) and next(typed, None) is None else ""

    def _count(self, kind: str) -> int:
        return sum(place.kind == kind for place in self.places)


def read(pattern: str) -> NumberPattern:
    """Parse a format into a pattern to compare numbers with. Raises UnreadablePattern."""
    if len(pattern) > LONGEST_PATTERN:
        raise UnreadablePattern("long")
    places: list[NumberField] = []
    for kind, text in _pieces(pattern):
        if kind == "Y" and (len(text) not in {2, 4} or any(place.kind == "Y" for place in places)):
            raise UnreadablePattern("year")
        places.extend(_places(kind, text))
    if len(places) > LONGEST_NUMBER:
        raise UnreadablePattern("long")
    if sum(place.kind == "N" for place in places) < FEWEST_DIGITS:
        raise UnreadablePattern("digits")
    return NumberPattern(tuple(places))


def _pieces(pattern: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a format as kind and text: ("Y", "YYYY"), ("=", "-"), ("N", "NNNNNN")."""
    for piece in PIECE.finditer(pattern):
        if piece[0] == "[":
            raise UnreadablePattern("brackets")
        yield piece["kind"] or "=", piece["literal"] or piece[0]


def _places(kind: str, text: str) -> list[NumberField]:
    if kind == "=":
        if not FIXED.issuperset(text):
            raise UnreadablePattern("character")
        return [NumberField(kind, character) for character in text]
    places = [NumberField(kind, ALLOWED[kind])] * len(text)
    century = [NumberField(kind, digit) for digit in CENTURY] if (kind, len(text)) == ("Y", 4) else []
    return [*century, *places[len(century) :]]
