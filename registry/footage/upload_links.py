"""Addresses of uploads. The holder of one may continue that file, so nobody can guess it."""

from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.signed_links import SignedLink

LINKS = SignedLink("registry.upload_links", "16s")
"""A key holds the upload's id (16 bytes)."""


def key_for(upload: UUID) -> str:
    """Return the key in the address of an upload, which nobody can guess: 48 letters, digits, - and _."""
    return LINKS.token(upload.bytes)


def upload_of(key: str) -> UUID:
    """Return the id of the upload of a key. Raises NotYours for a forged key."""
    (pk,) = LINKS.read(key, _("There is no such file."))
    return UUID(bytes=pk)
