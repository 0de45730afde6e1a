import re
from typing import Final, NamedTuple

_NUMBER: Final = re.compile(r"0*(\d{1,6})(?:\.0+)?(?:[ -]?([A-Z])|[ -](\d/\d))?")
_HYPHENATED: Final = re.compile(r"0*([1-9]\d{0,2})-(\d{2})")
_SPAN: Final = re.compile(r"0*([1-9]\d{0,5})-\d{1,6}")


class HouseNumber(NamedTuple):
    """A number and its suffix: "A", "1/2"; "-12" for 8412 written 84-12."""

    number: int
    letter: str = ""

    def __str__(self) -> str:
        if self.letter.startswith("-"):
            return f"{str(self.number)[: 1 - len(self.letter)]}{self.letter}"
        return f"{self.number}{' ' if '/' in self.letter else ''}{self.letter}"


def house_number(text: str) -> HouseNumber | None:
    """Return a text's house number, or None. 84-12 is a block and a house (Queens, New York); 1104-1108 is 1104."""
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
