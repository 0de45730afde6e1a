"""Numbers made of a letter and the first digits of an id, for people to say and search."""

import re
from uuid import UUID

CAMERA, VIEW, FLAG, MESSAGE = "C", "V", "W", "M"
DIGITS = 8
_BITS_LEFT = 128 - 4 * DIGITS


def number_of(letter: str, pk: UUID | str) -> str:
    return f"{letter}-{UUID(str(pk)).hex[:DIGITS].upper()}"


def ids_of(letter: str, text: str) -> tuple[UUID, UUID] | None:
    """Return the first and last id that a number can mean, or None for other texts."""
    found = re.fullmatch(rf"{letter}-([0-9A-F]{{{DIGITS}}})", text.strip(), re.IGNORECASE)
    if found is None:
        return None
    first = int(found[1], 16) << _BITS_LEFT
    return UUID(int=first), UUID(int=first + (1 << _BITS_LEFT) - 1)
