"""Cursors of log pages, encrypted. Plain entry numbers count all acts, so a gap could reveal a decline (promise R4)."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def cursor(entry: int) -> str:
    return _cipher().encrypt(str(entry).encode()).decode()


def entry_of(text: str) -> int | None:
    """Return the entry of a cursor, or None for a text that we did not write."""
    try:
        return int(_cipher().decrypt(text.encode()))
    except (InvalidToken, ValueError):
        return None


def _cipher() -> Fernet:
    key = hashlib.sha256(b"registry.cursors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
