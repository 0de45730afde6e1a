"""Directions as words and as degrees: people say northeast, not 45."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from registry.people.models import LANGUAGES
from registry.rules import FULL_CIRCLE

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
"""Words by degrees from north, clockwise."""

SHORT = {
    "n": 0, "ne": 45, "e": 90, "se": 135, "s": 180, "sw": 225, "w": 270, "nw": 315, "so": 225, "o": 270, "no": 315,
}  # fmt: skip
"""Abbreviations in English and in Spanish."""


def word_of(degrees: int) -> str:
    return str(WINDS[round(degrees / 45) * 45 % FULL_CIRCLE])


def degrees_of(text: str) -> int | None:
    """Parse a word of either language, an abbreviation, or degrees; None for anything else."""
    typed = text.strip().casefold().rstrip("°").strip()
    if typed.isdecimal():
        too_long = len(typed) > len(str(FULL_CIRCLE))  # int() fails on thousands of digits
        return None if too_long or int(typed) > FULL_CIRCLE else int(typed) % FULL_CIRCLE
    for language in LANGUAGES:
        with override(language):
            by_word = {str(word).casefold(): degrees for degrees, word in WINDS.items()}
        if typed in by_word:
            return by_word[typed]
    return SHORT.get(typed)
