"""Tracking numbers as printed, and in barcodes.

A barcode also has the ZIP code of the destination or the service. Formats: the IMpb of USPS (420, ZIP code, then 22 or
26 digits that begin with 91 to 95), the 22 and 34 digits of FedEx, 1Z of UPS.
"""

import re

from fusus_portal.ground.lookup.typed import BARCODE_KIND, DIGITS, Typed

_USPS = (re.compile(r"420\d{9}(9[1-5]\d{20})"), re.compile(r"420\d{5}(9[1-5]\d{24}|9[1-5]\d{20})"))
"""With nine digits of the ZIP code, and with five. 34 digits can be either: the check digit decides."""

_FEDEX = re.compile(r"96\d{5}(\d{15})|(?:100\d\d|96\d{3})\d{15}(?:00(\d{12})|(\d{14}))")
"""Ground with 22 digits; Express and Ground with 34: the number is the last 14, or the last 12 after 00."""

_UPS = re.compile(r"[1IL]Z([A-Z0-9]{8})([0-9OIL]{8})")


def number_in(text: str) -> str:
    """Return the tracking number in scanned or typed text, as printed: capitals, no spaces, no dashes."""
    tidy = re.sub(r"[\s-]", "", BARCODE_KIND.sub("", text)).upper()
    usps = [match[1] for each in _USPS if (match := each.fullmatch(tidy))]
    if usps:
        return next(filter(_is_checked, usps), usps[0])
    if match := _FEDEX.fullmatch(tidy):
        return next(str(group) for group in match.groups() if group)
    if match := _UPS.fullmatch(tidy):
        return f"1Z{match[1]}{match[2].translate(DIGITS)}"
    return tidy


def meant(typed: Typed) -> set[str]:
    """Return possible tracking numbers. Letters are also read as digits if only digits remain then."""
    texts = [typed.bare, typed.digits] if typed.digits.isdigit() else [typed.bare]
    return {number for text in texts for number in (text, number_in(text)) if number}


def _is_checked(number: str) -> bool:
    """True if the last digit is the check digit of USPS (modulo 10, weights 3 and 1)."""
    digits = [int(each) for each in reversed(number)]
    return (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
