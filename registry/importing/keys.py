"""By what somebody is known again without being remembered."""

from django.utils.crypto import salted_hmac

SALT = "registry.left_out"


def digest_of(email: str) -> bytes:
    """Return the keyed fingerprint of an e-mail address: it tells whether it is the same, and can't be read back."""
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").digest()
