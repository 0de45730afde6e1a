"""Numbers that people read to each other over the phone."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread or misheard."""

LENGTH = 8


def fresh(prefix: str) -> str:
    """Return a number such as "R-7K2MQX4P": 40 random bits, so it can't be guessed from another."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def registrant_number() -> str:
    """Return the reference of a new registration."""
    return fresh("G")


def request_number() -> str:
    """Return the number of a new footage request."""
    return fresh("R")


def lead_number() -> str:
    """Return the number of a new outreach lead."""
    return fresh("L")


def evidence_number() -> str:
    """Return the number of a new evidence item."""
    return fresh("E")


def import_number() -> str:
    """Return the number of a new import."""
    return fresh("I")
