"""Links in messages to the receipts of a request. No link is stored."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.queries import find_or_refuse
from fusus_portal.ground.signed_links import SignedLink
from registry.canvasses.models.canvasses import FootageRequest
from registry.rules import RECEIPT_LINK_LIFE

LINKS = SignedLink("registry.receipt_links", ">I16s")
"""A token holds its end (4 bytes, POSIX seconds) and the request's id (16 bytes)."""


def token_for(request: FootageRequest) -> str:
    """Return the token of a link that ends in 90 days: 54 letters, digits, - and _ (no padding)."""
    ends_at = timezone.now() + RECEIPT_LINK_LIFE
    return LINKS.token(int(ends_at.timestamp()), request.pk.bytes)


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


def link_of(token: str) -> ReceiptLink:
    """Return the link of a token. Raises NotYours for a forged token, or an owner who left."""
    sentence = _("There is no such request.")
    ends_at, pk = LINKS.read(token, sentence)
    requests = FootageRequest.objects.filter(pk=UUID(bytes=pk), registrant__isnull=False)
    request = find_or_refuse(requests.select_related("registrant__user", "incident__type"), sentence)
    return ReceiptLink(request, datetime.fromtimestamp(ends_at, UTC))
