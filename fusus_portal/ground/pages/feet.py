"""Lengths in feet, as people here say them. They are kept in meters."""

import math
from typing import Any

from django import forms

from fusus_portal.ground.geo.points import METERS_A_FOOT

ALMOST = 0.01
"""So that a foot that was typed, kept in meters, is the same foot again."""


def in_feet(meters: float) -> int:
    """Return the most whole feet that are no longer than so many meters."""
    return math.floor(meters / METERS_A_FOOT + ALMOST)


def least_feet(meters: float) -> int:
    """Return the fewest whole feet that are at least so many meters."""
    return math.ceil(meters / METERS_A_FOOT - ALMOST)


class RadiusField(forms.FloatField):
    """A radius that people type in feet. Its value is meters; its limits are feet."""

    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})

    def prepare_value(self, value: Any) -> Any:
        """Show meters as feet; what somebody typed is shown as typed."""
        return in_feet(value) if isinstance(value, int | float) else value

    def clean(self, value: Any) -> Any:
        """Return meters, or None for nothing."""
        feet = super().clean(value)
        return None if feet is None else feet * METERS_A_FOOT
