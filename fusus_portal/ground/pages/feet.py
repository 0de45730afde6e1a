"""Lengths typed and shown in feet, stored in meters."""

import math
from typing import Any

from django import forms

from fusus_portal.ground.geo.points import METERS_A_FOOT

ALMOST = 0.01
"""Rounding margin: a typed foot stored in meters must be the same foot again."""


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
