"""The code of a letter: on paper alone, and stored as a salted digest."""

import hashlib
import hmac
import secrets

from fusus_portal.ground.numbers import ALPHABET
from registry.letters.models import Letter

GROUPS, GROUP_LENGTH = 2, 5
"""Ten characters that nobody confuses: "7K2MQ-X4PA9"."""


def fresh() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def digest(code: str, *, salt: bytes) -> bytes:
    """Return the stored digest of a code. Case, hyphens and spaces don't matter; O counts as 0, I and L as 1."""
    typed = code.upper().translate(str.maketrans("OIL", "011", " -"))
    return hashlib.sha256(salt + typed.encode()).digest()


def is_of(letter: Letter, code: str) -> bool:
    salt, kept = bytes(letter.salt or b""), bytes(letter.digest or b"")
    return bool(kept) and hmac.compare_digest(digest(code, salt=salt), kept)
