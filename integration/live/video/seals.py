"""Video sealed before it goes to the live server, by a key for each stream that the server never has."""

import os
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.crypto import salted_hmac

SALT: Final = "integration.live.video"
NONCE_BYTES: Final = 12


def seal(stream: UUID, number: int, body: bytes) -> bytes:
    """Return a piece as it may be kept in memory. It opens only as this number of this stream."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _key(stream).encrypt(nonce, body, str(number).encode())


def unseal(stream: UUID, number: int, sealed: bytes) -> bytes | None:
    """Return the piece, None for bytes that were not sealed as this one."""
    try:
        return _key(stream).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], str(number).encode())
    except (InvalidTag, ValueError):
        return None


def _key(stream: UUID) -> AESGCM:
    return AESGCM(salted_hmac(SALT, str(stream), algorithm="sha256").digest())
