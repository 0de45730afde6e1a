"""Signed links in messages: to the receipts of a request, and to stop a kind of mail. No link is stored."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import NotYours, Stale, find_or_refuse
from fusus_portal.ground.signed_links import SignedLink
from registry.access_log.selectors import Channel
from registry.canvasses.models import FootageRequest
from registry.people.models import Registrant
from registry.rules import RECEIPT_LINK_LIFE

RECEIPT_LINKS = SignedLink("registry.receipt_links", ">I16s")
"""A token holds its end (4 bytes, POSIX seconds) and the request's id (16 bytes)."""


def receipts_token(request: FootageRequest) -> str:
    """Return the token of a link that ends in 90 days: 54 letters, digits, - and _ (no padding)."""
    ends_at = timezone.now() + RECEIPT_LINK_LIFE
    return RECEIPT_LINKS.token(int(ends_at.timestamp()), request.pk.bytes)


@dataclass(frozen=True, slots=True)
class ReceiptLink:
    """A link that we made, expired or not. request: with its registrant and incident loaded.

    It shows receipts and answers nothing, so it outlives the request's own link, until the owner leaves.
    """

    request: FootageRequest
    ends_at: datetime

    def must_work(self) -> None:
        """Raise Stale, in the reader's language, for an expired link."""
        if self.ends_at <= timezone.now():
            sentence = _("This link has expired. Sign in to find the receipts with your request.")
            raise Stale(sentence, subject=self.request.subject)


def receipt_link_of(token: str) -> ReceiptLink:
    """Return the link of a token. Raises NotYours for a forged token, or an owner who left."""
    sentence = _("There is no such request.")
    ends_at, pk = RECEIPT_LINKS.read(token, sentence)
    requests = FootageRequest.objects.filter(pk=UUID(bytes=pk), registrant__isnull=False)
    request = find_or_refuse(requests.select_related("registrant__user", "incident__type"), sentence)
    return ReceiptLink(request, datetime.fromtimestamp(ends_at, UTC))


_signer = Signer(salt="registry.notices", sep=".")


def stop_token(registrant: str, channel: Channel) -> str:
    """Return the token by which a mail program stops one kind of mail to an owner (RFC 8058). Stored nowhere."""
    return _signer.sign(f"{registrant}.{channel}")


def stopped_by(token: str) -> tuple[Registrant, Channel]:
    """Return the owner and kind of mail of a token. Raises NotYours for a forged token or an unknown owner."""
    try:
        pk, _dot, channel = _signer.unsign(token).partition(".")
        return Registrant.objects.get(pk=pk), Channel(channel)
    except (BadSignature, Registrant.DoesNotExist):
        raise NotYours(_("There is no such registration.")) from None
