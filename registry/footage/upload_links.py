"""Addresses of uploads: whoever has one may go on with that file, so it can't be guessed. Nothing about it is stored.

A key is base64url of the upload's id (16 bytes) and the first 20 bytes of HMAC-SHA-256 over it, keyed with SECRET_KEY.
"""

import base64
import binascii
import hmac
from uuid import UUID

from django.utils.crypto import salted_hmac

SALT = "registry.upload_links"
ID_BYTES = 16
MAC_BYTES = 20


def key_for(upload: UUID) -> str:
    """Return the key that stands in the address of an upload: 48 letters, digits, - and _."""
    return base64.urlsafe_b64encode(upload.bytes + _mac(upload.bytes)).decode()


def upload_of(key: str) -> UUID | None:
    """Return the id of the upload whose key this is, or None for one that we did not make."""
    try:
        decoded = base64.b64decode(key, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    signed, mac = decoded[:ID_BYTES], decoded[ID_BYTES:]
    return UUID(bytes=signed) if hmac.compare_digest(mac, _mac(signed)) and len(signed) == ID_BYTES else None


def _mac(signed: bytes) -> bytes:
    return salted_hmac(SALT, signed, algorithm="sha256").digest()[:MAC_BYTES]
