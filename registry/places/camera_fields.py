"""Fields of a camera that its owner fills in, described once for form, pages, history, search, import and export."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _, ngettext, override

from fusus_portal.ground.geo.points import METERS_A_FOOT
from fusus_portal.ground.pages.fields import Suggested, Suggestion
from registry.registrants.models import LANGUAGES
from registry.rules import FULL_CIRCLE, LONGEST_DAYS_KEPT, LONGEST_REACH_M

WINDS: dict[int, str | Promise] = {
    0: _("north"),
    45: _("northeast"),
    90: _("east"),
    135: _("southeast"),
    180: _("south"),
    225: _("southwest"),
    270: _("west"),
    315: _("northwest"),
}
"""Words for directions, by degrees from north, clockwise."""

WINDS_IN_SHORT = {
    "n": 0, "ne": 45, "e": 90, "se": 135, "s": 180, "sw": 225, "w": 270, "nw": 315, "so": 225, "o": 270, "no": 315,
}  # fmt: skip
"""Abbreviations of directions in English and in Spanish."""


def wind_of(degrees: int) -> str:
    return str(WINDS[round(degrees / 45) * 45 % FULL_CIRCLE])


def degrees_of_wind(text: str) -> int | None:
    """Parse a direction as a word of either language, an abbreviation, or degrees; None for anything else."""
    typed = text.strip().casefold().rstrip("°").strip()
    if typed.isdecimal():
        too_long = len(typed) > len(str(FULL_CIRCLE))  # int() fails on thousands of digits
        return None if too_long or int(typed) > FULL_CIRCLE else int(typed) % FULL_CIRCLE
    for language in LANGUAGES:
        with override(language):
            by_word = {str(word).casefold(): degrees for degrees, word in WINDS.items()}
        if typed in by_word:
            return by_word[typed]
    return WINDS_IN_SHORT.get(typed)


NEAR_FEET = 4


class Part(StrEnum):
    """A part of the form of a camera. All but OPEN are folded."""

    OPEN = "open"
    DEVICE = "device"
    VIEW = "view"


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraField:
    """A field of a camera that its owner fills in. name: of its column.

    label, value: in the history of a record. part, asked: place and field in the form. phrase: a value in a line about
    the camera. is_searched: a canvass reads it, for deputies.
    """

    name: str
    label: str | Promise
    asked: forms.Field
    part: Part = Part.DEVICE
    value: Callable[[Any], str] = str
    phrase: Callable[[Any], str] = str
    is_searched: bool = True

    @property
    def longest(self) -> int:
        return (self.asked.max_length or 0) if isinstance(self.asked, forms.CharField) else 0


class Bearing(forms.CharField):
    """A direction as a word ("northeast", "NE") or in degrees from north, clockwise. Its value is degrees, or None."""

    def prepare_value(self, value: Any) -> Any:
        return wind_of(value) if isinstance(value, int) and value in WINDS else value

    def to_python(self, value: Any) -> Any:
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        degrees = degrees_of_wind(text)
        if degrees is None:
            raise ValidationError(_("Write a direction such as northeast, or degrees from 0 to 359."))
        return degrees


class Feet(forms.IntegerField):
    """A length in feet. Its value is whole meters, as the database keeps it."""

    def prepare_value(self, value: Any) -> Any:
        return in_feet(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        feet = super().clean(value)
        return None if feet is None else round(feet * METERS_A_FOOT)


def in_feet(meters: int) -> int:
    """Return feet as people say them, in fives beyond the first few: a number of feet comes back as it was typed."""
    feet = meters / METERS_A_FOOT
    return round(feet / 5) * 5 if feet > NEAR_FEET else round(feet)


def _winds() -> list[Suggestion]:
    return [(str(word), str(degrees)) for degrees, word in WINDS.items()]


def _kinds() -> list[Suggestion]:
    """Return kinds of cameras to suggest. Any other word is as good (promise R10)."""
    words = (_("Doorbell"), _("Stays still"), _("Turns and zooms"), _("Dash camera"), _("Trail camera"))
    return [(str(word), "") for word in words]


def _days_kept(days: int) -> str:
    return ngettext("keeps footage %(days)d day", "keeps footage %(days)d days", days) % {"days": days}


def _text(most: int = 80, **texts: Any) -> forms.CharField:
    return forms.CharField(**texts, max_length=most, required=False)


def _whole_number(
    most: int, *, least: int = 1, kind: type[forms.IntegerField] = forms.IntegerField, **texts: Any
) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "usa-input--small", "max": most})
    return kind(**texts, min_value=least, max_value=most, required=False, widget=widget)


DESCRIBED = (
    CameraField(
        name="name",
        label=_("Name"),
        asked=forms.CharField(
            label=_("What do you call it?"), help_text=_("For example: front door, driveway"), max_length=80
        ),
        part=Part.OPEN,
    ),
    CameraField(
        name="kind",
        label=_("Kind"),
        asked=_text(
            label=_("Kind"),
            help_text=_("For example: doorbell, stays still, dash. Any kind is welcome."),
            widget=Suggested(_kinds, attrs={"data-chips": "row"}),
        ),
        part=Part.OPEN,
    ),
    CameraField(name="make", label=_("Maker"), asked=_text(label=_("Maker")), is_searched=False),
    CameraField(name="model", label=_("Model"), asked=_text(label=_("Model")), is_searched=False),
    CameraField(
        name="covers",
        label=_("What it looks at"),
        asked=_text(200, label=_("What does it look at?"), help_text=_("For example: the street to the north")),
        part=Part.OPEN,
    ),
    CameraField(
        name="facing",
        label=_("Faces"),
        asked=Bearing(
            label=_("Which way does it face?"),
            help_text=_("A direction such as northeast, or degrees: 0 is north, 90 is east."),
            required=False,
            widget=Suggested(
                _winds, attrs={"class": "usa-input--medium", "autocomplete": "off", "data-chips": "compass"}
            ),
        ),
        part=Part.VIEW,
        value=lambda degrees: f"{wind_of(degrees)} ({degrees}°)",
        phrase=lambda degrees: gettext("faces %(wind)s") % {"wind": wind_of(degrees)},
    ),
    CameraField(
        name="angle",
        label=_("Width in degrees"),
        asked=_whole_number(
            FULL_CIRCLE,
            label=_("How wide does it see, in degrees?"),
            help_text=_("Most cameras: 90 to 130. All around: 360."),
        ),
        part=Part.VIEW,
        phrase=lambda degrees: gettext("%(angle)d° wide") % {"angle": degrees},
    ),
    CameraField(
        name="reach_m",
        label=_("Reach"),
        asked=_whole_number(
            in_feet(LONGEST_REACH_M),
            least=in_feet(1),
            kind=Feet,
            label=_("How far does it see, in feet?"),
            help_text=_("A car is about 15 feet long."),
        ),
        part=Part.VIEW,
        value=lambda meters: gettext("%(feet)d feet") % {"feet": in_feet(meters)},
        phrase=lambda meters: gettext("as far as %(feet)d feet") % {"feet": in_feet(meters)},
    ),
    CameraField(
        name="days_kept",
        label=_("Days that it keeps footage"),
        asked=_whole_number(
            LONGEST_DAYS_KEPT,
            label=_("How many days does it keep footage?"),
            help_text=_("Then a deputy knows until when asking makes sense."),
        ),
        phrase=_days_kept,
    ),
)
"""Fields in the order of lines, tables and files."""

NAMES = tuple(field.name for field in DESCRIBED)
AS_ASKED = sorted(DESCRIBED, key=lambda field: field.part is not Part.OPEN)
"""Fields in the order of the form: those that are always open come first."""
