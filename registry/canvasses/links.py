"""Signed links in messages, to a request and to its receipts, and the pages behind them."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.access.limits import at_once
from fusus_portal.ground.access.refusals import View, private_page, speak_language
from fusus_portal.ground.lifecycle import Other, Stale, find_or_refuse
from fusus_portal.ground.signed_links import SignedLink
from registry.canvasses.models import FootageRequest
from registry.canvasses.policies import must_be_valid_request, withdrawn_sentence
from registry.rules import RECEIPT_LINK_LIFE, SENDING_AT_ONCE

LINKS = SignedLink("registry.links", ">H16s")
"""A reply link's token holds a version (2 bytes) and the request's id (16 bytes). Withdrawing raises the version."""


@dataclass(frozen=True, slots=True)
class RequestLink:
    """A link of ours to a request, working or not. request: loaded with canvass, incident, type and registrant."""

    request: FootageRequest
    version: int

    def must_work(self) -> None:
        """Raise Stale, in the reader's language, for a link that is withdrawn, expired, or of a closed incident."""
        if self.version < self.request.version:
            raise Stale(withdrawn_sentence(), subject=self.request.subject)
        must_be_valid_request(self.request)


def token_for(request: FootageRequest) -> str:
    """Return the token of a request's link: 51 letters, digits, - and _ (no padding)."""
    return LINKS.token(request.version, request.pk.bytes)


def answer_url(request: FootageRequest) -> str:
    """Return the address of a request's reply page, the same as in the message."""
    return reverse("reply", args=[token_for(request)])


def request_of_link(token: str) -> FootageRequest:
    """Return the request of a working link. Raises NotYours, and Stale for a link that works no longer."""
    link = request_link_of(token)
    link.must_work()
    return link.request


def request_link_of(token: str) -> RequestLink:
    """Return the link of a token. Raises NotYours for a forged token or an unknown request."""
    sentence = _("There is no such request.")
    version, pk = LINKS.read(token, sentence)
    rows = FootageRequest.objects.select_related("canvass__sent_by", "canvass__purpose", "incident__type")
    known = rows.select_related("registrant__user").filter(pk=UUID(bytes=pk), version__gte=version)
    return RequestLink(find_or_refuse(known, sentence), version)


def link_actor(request: FootageRequest) -> Actor:
    """Return the actor who holds a request's link. The actor's id is the request's."""
    return Actor(ActorKind.LINK, str(request.pk), role=Other.LINK)


RECEIPT_LINKS = SignedLink("registry.receipt_links", ">I16s")
"""The token of a link to receipts holds its end (4 bytes, POSIX seconds) and the request's id (16 bytes)."""


def receipts_token(request: FootageRequest) -> str:
    """Return the token of a link that ends in 90 days: 54 letters, digits, - and _ (no padding)."""
    ends_at = timezone.now() + RECEIPT_LINK_LIFE
    return RECEIPT_LINKS.token(int(ends_at.timestamp()), request.pk.bytes)


@dataclass(frozen=True, slots=True)
class ReceiptLink:
    """A link of ours to receipts, expired or not. It outlives the link to the request, until the owner leaves."""

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


P = ParamSpec("P")
LinkView = Callable[Concatenate[HttpRequest, FootageRequest, P], HttpResponse]


def private_link(view: LinkView[P]) -> View:
    """Pass the request of the link's token to the view. Opening a link changes nothing: mail scanners open links.

    A link that is forged, withdrawn, expired or of a closed incident is answered here, with the same headers. The check
    against forged forms reads the body, so it follows the check of the link.
    """
    return _guarded(view, request_link_of)


def receipt_link(view: LinkView[P]) -> View:
    """Pass the request of a link to receipts to the view; otherwise as `private_link`."""
    return _guarded(view, receipt_link_of)


def sending(asked: FootageRequest) -> AbstractContextManager[None]:
    """Count one upload by a request's link while it lasts. Raises TooManyAtOnce."""
    return at_once("sending", SENDING_AT_ONCE, str(asked.pk))


def _guarded(view: LinkView[P], link_of: Callable[[str], RequestLink | ReceiptLink]) -> View:
    protected = csrf_protect(view)

    @private_page("registry/canvasses/reply/over.html")
    @csrf_exempt  # the middleware would read the body before the link is checked
    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        link = link_of(token)
        if link.request.registrant is not None:  # None after the owner left
            speak_language(link.request.registrant.language, request)
        link.must_work()
        with sending(link.request) if request.method == "POST" else nullcontext():
            return protected(request, link.request, *args, **kwargs)

    return guarded
