"""The code of a letter: shown on paper alone, and kept as a salted digest."""

import hashlib
import hmac
import secrets

from fusus_portal.ground.numbers import ALPHABET
from registry.letters.models import Letter

GROUPS, GROUP_LENGTH = 2, 5
"""Ten characters, none of which is taken for another: "7K2MQ-X4PA9"."""


def fresh() -> str:
    """Return a new code."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def digest(code: str, *, salt: bytes) -> bytes:
    """Return what is kept of a code, however it was typed: small letters, O for 0, I or L for 1, without the hyphen."""
    typed = code.upper().translate(str.maketrans("OIL", "011", " -"))
    return hashlib.sha256(salt + typed.encode()).digest()


def is_of(letter: Letter, code: str) -> bool:
    """Return whether a code is the one of a printed letter."""
    salt, kept = bytes(letter.salt or b""), bytes(letter.digest or b"")
    return bool(kept) and hmac.compare_digest(digest(code, salt=salt), kept)
