"""A number as somebody typed or pasted it, and the number that was meant."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from fusus_portal.ground import look_alikes, numbers

LONGEST: Final = 60
"""Characters of the longest number with the spaces and dashes that people put into one. The longest is a carrier's."""

DIGITS: Final = str.maketrans("OIL", "011")
"""Letters that are read as digits. The house's own numbers have neither O nor I nor L (`numbers.ALPHABET`)."""

BARCODE_KIND: Final = re.compile(r"^\s*\][A-Za-z]\d")
"""What some scanners send before the number: the kind of barcode, "]C1" (ISO/IEC 15424)."""

MINUS: Final = "\u2212"
"""Pasted for a dash, and none to Unicode."""


@dataclass(frozen=True)
class Typed:
    """What somebody typed into the box."""

    text: str

    @cached_property
    def is_too_long(self) -> bool:
        """Whether it is longer than any number is."""
        return len(self.text) > LONGEST

    @cached_property
    def tidy(self) -> str:
        """Capitals, in letters of the Latin alphabet where they look like them; single spaces, plain dashes."""
        text = BARCODE_KIND.sub("", self.text)
        dashes = "".join("-" if unicodedata.category(each) == "Pd" or each == MINUS else each for each in text)
        return " ".join(look_alikes.plain(dashes).upper().split())

    @cached_property
    def bare(self) -> str:
        """Its letters and digits, without what is between them."""
        return "".join(each for each in self.tidy if each.isalnum())

    @cached_property
    def digits(self) -> str:
        """These with each letter read as the digit that it looks like."""
        return self.bare.translate(DIGITS)

    def number(self, letter: str) -> str:
        """Return the number of this letter that was meant, "R-7K2MQX4P" for "r 7k2m qx4p"; "" for another text."""
        meant = f"{letter}-{self.digits[1:]}"
        return meant if self.digits[:1] == letter.translate(DIGITS) and numbers.is_number(meant) else ""
