"""By what the same person and place are known again."""

import re

from django.utils.crypto import salted_hmac

SALT = "registry.left_out"
SHORT = {
    "street": "st",
    "avenue": "ave",
    "av": "ave",
    "road": "rd",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "boulevard": "blvd",
    "circle": "cir",
    "place": "pl",
    "highway": "hwy",
    "parkway": "pkwy",
    "terrace": "ter",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "apartment": "apt",
    "unit": "apt",
    "suite": "ste",
}
"""The usual short forms (USPS Publication 28)."""


def address_key(street: str, zip_code: str) -> str:
    """Return a text that is the same however an address is written: "12 Oak St." and "12  OAK STREET"."""
    words = re.sub(r"[^\w]+", " ", street.casefold()).split()
    return f"{zip_code[:5]} {' '.join(SHORT.get(word, word) for word in words)}"


def digest_of(email: str) -> bytes:
    """Return the keyed fingerprint of an e-mail address: it tells whether it is the same, and can't be read back."""
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").digest()
