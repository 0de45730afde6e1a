import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread or misheard."""

LENGTH = 8
FORM = re.compile(rf"[A-Z]-[{ALPHABET}]{{{LENGTH}}}", re.IGNORECASE)


def fresh(prefix: str) -> str:
    """Return a number such as "R-7K2MQX4P": 40 random bits, which can't be guessed from another."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_number(text: str) -> bool:
    return FORM.fullmatch(text) is not None
