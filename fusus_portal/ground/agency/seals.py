"""The seal's picture: re-encoded, and stored in Django's default storage under its SHA-256."""

import hashlib
import re
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from fusus_portal.ground.pictures import re_encode

LONGEST_SIDE = 512
"""Pixels of the stored seal's longer side; pages show it at 56."""

DIGEST = r"[0-9a-f]{64}"


def keep(upload: File[bytes], *, sender: UUID) -> str:
    """Store a picture, shown nowhere yet, and return its digest. Raises ValidationError unless it is a picture."""
    data = re_encode(upload, longest_side=LONGEST_SIDE, format="PNG", sender=sender)
    digest = hashlib.sha256(data).hexdigest()
    if not is_kept(digest):
        default_storage.save(_place(digest), ContentFile(data))
    return digest


def is_kept(digest: str) -> bool:
    return re.fullmatch(DIGEST, digest) is not None and default_storage.exists(_place(digest))


def read(digest: str) -> bytes:
    with default_storage.open(_place(digest)) as file:
        return bytes(file.read())


def _place(digest: str) -> str:
    return f"agency/seal-{digest}.png"
