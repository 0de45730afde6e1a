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
"""Degrees from north, clockwise, and what people call them."""

SHORT = {
    "n": 0, "ne": 45, "e": 90, "se": 135, "s": 180, "sw": 225, "w": 270, "nw": 315, "so": 225, "o": 270, "no": 315,
}  # fmt: skip
"""As people write them in short, in English and in Spanish."""


def word_of(degrees: int) -> str:
    """Return the nearest of the eight winds, in the reader's language."""
    return str(WINDS[round(degrees / 45) * 45 % FULL_CIRCLE])


def degrees_of(text: str) -> int | None:
    """Return a direction written as a word of either language, in short, or in degrees; None for anything else."""
    typed = text.strip().casefold().rstrip("°").strip()
    if typed.isdecimal():
        too_long = len(typed) > len(str(FULL_CIRCLE))  # Python reads no number of thousands of digits
        return None if too_long or int(typed) > FULL_CIRCLE else int(typed) % FULL_CIRCLE
    for language in LANGUAGES:
        with override(language):
            by_word = {str(word).casefold(): degrees for degrees, word in WINDS.items()}
        if typed in by_word:
            return by_word[typed]
    return SHORT.get(typed)
