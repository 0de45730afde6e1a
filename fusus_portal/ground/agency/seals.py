"""The seal's picture: encoded anew, and kept in Django's default storage under the digest of its bytes."""

import hashlib
import re
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from fusus_portal.ground.pictures import re_encode

LONGEST_SIDE = 512
"""Points. Pages show it at 56."""

DIGEST = r"[0-9a-f]{64}"


def keep(upload: File[bytes], *, sender: UUID) -> str:
    """Keep a picture and return its digest. Nothing shows it yet. Raises ValidationError for no picture."""
    data = re_encode(upload, longest_side=LONGEST_SIDE, format="PNG", sender=sender)
    digest = hashlib.sha256(data).hexdigest()
    if not is_kept(digest):
        default_storage.save(_place(digest), ContentFile(data))
    return digest


def is_kept(digest: str) -> bool:
    """Return whether this is the digest of a kept picture."""
    return re.fullmatch(DIGEST, digest) is not None and default_storage.exists(_place(digest))


def read(digest: str) -> bytes:
    """Return a kept picture, as PNG."""
    with default_storage.open(_place(digest)) as file:
        return bytes(file.read())


def _place(digest: str) -> str:
    return f"agency/seal-{digest}.png"
