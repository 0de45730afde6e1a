"""Directions in words, and back: cameras look northeast, not at 45 degrees."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    """Return a direction written as a word, in short, or in degrees; None for what is no direction."""
    typed = text.strip().casefold().rstrip("°").strip()
    if typed.isdecimal():
        degrees = int(typed)
        return degrees % FULL_CIRCLE if degrees <= FULL_CIRCLE else None
    by_word = {str(word).casefold(): degrees for degrees, word in WINDS.items()}
    return by_word.get(typed, SHORT.get(typed))
