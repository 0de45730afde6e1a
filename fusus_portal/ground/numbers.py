"""Numbers of rows for people to say and search: drawn at random, or made of the first digits of a row's id."""

import re
import secrets
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread or misheard."""

LENGTH = 8
FORM = re.compile(rf"[A-Z]-[{ALPHABET}]{{{LENGTH}}}", re.IGNORECASE)


def fresh(prefix: str) -> str:
    """Return a new number such as "R-7K2MQX4P": 40 random bits, which can't be guessed from another number."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_number(text: str) -> bool:
    return FORM.fullmatch(text) is not None


ACCOUNT, CAMERA, FLAG, HOME, MESSAGE, VIEW = "A", "C", "W", "H", "M", "V"
"""HOME is any kind of place. ACCOUNT and HOME stand in for an e-mail or a street address in addresses of the log."""
DIGITS = 8
_BITS_LEFT = 128 - 4 * DIGITS


def number_of(letter: str, pk: UUID | str) -> str:
    return f"{letter}-{UUID(str(pk)).hex[:DIGITS].upper()}"


def ids_of(letter: str, text: str) -> tuple[UUID, UUID] | None:
    """Return the first and last id that begin with the digits of a number, or None for other texts."""
    found = re.fullmatch(rf"{letter}-([0-9A-F]{{{DIGITS}}})", text.strip(), re.IGNORECASE)
    if found is None:
        return None
    first = int(found[1], 16) << _BITS_LEFT
    return UUID(int=first), UUID(int=first + (1 << _BITS_LEFT) - 1)
