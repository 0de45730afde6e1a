"""Links in messages to the receipts of a request: 90 days, whatever becomes of the request. Nothing is stored.

A token is base64url of when it ends (4 bytes, POSIX seconds), the request's id (16 bytes) and the first 20 bytes of
HMAC-SHA-256 over both, keyed with SECRET_KEY. It shows receipts and answers nothing, so it outlives the request's own
link (`registry.canvasses.request_links`); it ends when the owner leaves.
"""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import NotYours, Stale
from registry.canvasses.models.canvasses import FootageRequest
from registry.rules import RECEIPT_LINK_LIFE

SALT = "registry.receipt_links"
MAC_BYTES = 20
SIGNED = struct.Struct(">I16s")


def token_for(request: FootageRequest) -> str:
    """Return the token of a link that ends in 90 days: 54 letters, digits, - and _ (no padding)."""
    ends_at = timezone.now() + RECEIPT_LINK_LIFE
    signed = SIGNED.pack(int(ends_at.timestamp()), request.pk.bytes)
    return base64.urlsafe_b64encode(signed + _mac(signed)).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class ReceiptLink:
    """A link that we made, whether its time is over or not. request: with its registrant and incident loaded."""

    request: FootageRequest
    ends_at: datetime

    def must_work(self) -> None:
        """Raise Stale, in the reader's language, for one whose time is over."""
        if self.ends_at <= timezone.now():
            sentence = _("This link has expired. Sign in to find the receipts with your request.")
            raise Stale(sentence, subject=self.request.subject)


def link_of(token: str) -> ReceiptLink:
    """Return what a link names. Changes nothing. Raises NotYours for one that is forged, or of an owner who left."""
    ends_at, pk = _read(token)
    requests = FootageRequest.objects.filter(pk=pk, registrant__isnull=False)
    request = requests.select_related("registrant__user", "incident__type").first()
    if request is None:
        raise NotYours(_("There is no such request."))
    return ReceiptLink(request, ends_at)


def _read(token: str) -> tuple[datetime, UUID]:
    try:
        decoded = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        signed, mac = decoded[: SIGNED.size], decoded[SIGNED.size :]
        ends_at, pk = SIGNED.unpack(signed)
    except (binascii.Error, ValueError, struct.error) as error:
        raise NotYours(_("There is no such request.")) from error
    if not hmac.compare_digest(mac, _mac(signed)):
        raise NotYours(_("There is no such request."))
    return datetime.fromtimestamp(ends_at, UTC), UUID(bytes=pk)


def _mac(signed: bytes) -> bytes:
    return salted_hmac(SALT, signed, algorithm="sha256").digest()[:MAC_BYTES]
