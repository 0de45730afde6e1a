"""Numbers for people: in words, and lengths in feet."""

import math
from typing import Any

from django import forms

from fusus_portal.ground.geo.points import METERS_A_FOOT

ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
TWENTY, HUNDRED, THOUSAND, MILLION = 20, 100, 1000, 10**6


def in_words(number: int) -> str:
    """Return a number below a million in English words: 1024 is "one thousand twenty-four"."""
    if not 0 <= number < MILLION:
        raise ValueError(f"{number} is not written in words here")
    if number < TWENTY:
        return ONES[number]
    if number < HUNDRED:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    step, name = (HUNDRED, "hundred") if number < THOUSAND else (THOUSAND, "thousand")
    rest = f" {in_words(number % step)}" if number % step else ""
    return f"{in_words(number // step)} {name}{rest}"


ALMOST = 0.01
"""Feet of margin for rounding: a foot typed and stored in meters must be the same foot again."""


def in_feet(meters: float) -> int:
    """Return the largest whole number of feet within so many meters."""
    return math.floor(meters / METERS_A_FOOT + ALMOST)


def least_feet(meters: float) -> int:
    """Return the smallest whole number of feet of at least so many meters."""
    return math.ceil(meters / METERS_A_FOOT - ALMOST)


class RadiusField(forms.FloatField):
    """A radius typed in feet. Its value is meters; its limits are feet."""

    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})

    def prepare_value(self, value: Any) -> Any:
        return in_feet(value) if isinstance(value, int | float) else value

    def clean(self, value: Any) -> Any:
        feet = super().clean(value)
        return None if feet is None else feet * METERS_A_FOOT
