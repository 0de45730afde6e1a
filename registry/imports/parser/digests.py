"""Fingerprints of e-mail addresses: they identify who stays out, and no address is stored."""

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "registry.left_out"


def digest_of(email: str) -> bytes:
    """Return the keyed fingerprint of an e-mail address, which can't be read back."""
    return digests_of(email)[0]


def digests_of(email: str) -> list[bytes]:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(SALT, email.strip().lower(), secret=key, algorithm="sha256").digest() for key in keys]
