"""Where a page of the log ends, in an address.

The number of an entry counts everything that is done in the portal, so two of them would tell a deputy that something
happened in between, a decline for one (promise R4): it is encrypted.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def cursor(entry: int) -> str:
    """Return the text that means an entry in an address."""
    return _cipher().encrypt(str(entry).encode()).decode()


def entry_of(text: str) -> int | None:
    """Return the entry that a text means, None for a text that we did not write."""
    try:
        return int(_cipher().decrypt(text.encode()))
    except (InvalidToken, ValueError):
        return None


def _cipher() -> Fernet:
    key = hashlib.sha256(b"registry.cursors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
