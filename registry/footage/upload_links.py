"""Addresses of uploads: whoever has one may continue that file, so nobody can guess it."""

from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.signed_links import SignedLink

LINKS = SignedLink("registry.upload_links", "16s")
"""A key names the upload's id (16 bytes)."""


def key_for(upload: UUID) -> str:
    """Return the key in the address of an upload: 48 letters, digits, - and _."""
    return LINKS.token(upload.bytes)


def upload_of(key: str) -> UUID:
    """Return the id of the upload whose key this is. Raises NotYours for one that we did not make."""
    (pk,) = LINKS.read(key, _("There is no such file."))
    return UUID(bytes=pk)
