import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from fusus_portal.ground import look_alikes, numbers

LONGEST: Final = 60
"""Characters of the longest number (a carrier's), with spaces and dashes."""

DIGITS: Final = str.maketrans("OIL", "011")
"""Letters read as digits. Our own numbers have no O, I or L (`numbers.ALPHABET`)."""

BARCODE_KIND: Final = re.compile(r"^\s*\][A-Za-z]\d")
"""The kind of barcode that some scanners send first, "]C1" (ISO/IEC 15424)."""

MINUS: Final = "\u2212"
"""A pasted dash that Unicode does not class as one."""


@dataclass(frozen=True)
class Typed:
    text: str

    @cached_property
    def is_too_long(self) -> bool:
        return len(self.text) > LONGEST

    @cached_property
    def tidy(self) -> str:
        """Upper-case Latin letters in place of look-alikes, single spaces, plain dashes."""
        text = BARCODE_KIND.sub("", self.text)
        dashes = "".join("-" if unicodedata.category(each) == "Pd" or each == MINUS else each for each in text)
        return " ".join(look_alikes.plain(dashes).upper().split())

    @cached_property
    def bare(self) -> str:
        return "".join(each for each in self.tidy if each.isalnum())

    @cached_property
    def digits(self) -> str:
        return self.bare.translate(DIGITS)

    def number(self, letter: str) -> str:
        """Return the number of this letter, "R-7K2MQX4P" for "r 7k2m qx4p", or ""."""
        meant = f"{letter}-{self.digits[1:]}"
        return meant if self.digits[:1] == letter.translate(DIGITS) and numbers.is_number(meant) else ""
