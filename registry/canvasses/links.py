"""Signed links in messages, and the pages behind them."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.access.limits import at_once
from fusus_portal.ground.access.refusals import View, private_page, speak_language
from fusus_portal.ground.lifecycle import Other, Stale, find_or_refuse
from fusus_portal.ground.signed_links import SignedLink
from registry.access_log import links as access_log
from registry.canvasses.models import FootageRequest
from registry.canvasses.policies import must_be_valid_request, withdrawn_sentence
from registry.rules import SENDING_AT_ONCE

LINKS = SignedLink("registry.links", ">H16s")
"""A token holds a version (2 bytes) and the request's id (16 bytes). A withdrawn request takes the next version."""


@dataclass(frozen=True, slots=True)
class RequestLink:
    """A link that we made, working or not. request: with canvass, incident, type and registrant."""

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
    """Return the holder of a request's link. Its id is the request's."""
    return Actor(ActorKind.LINK, str(request.pk), role=Other.LINK)


P = ParamSpec("P")
LinkView = Callable[Concatenate[HttpRequest, FootageRequest, P], HttpResponse]


def private_link(view: LinkView[P]) -> View:
    """Pass the request of the link's token to the view. Opening a link changes nothing: mail scanners do it.

    A link that is forged, withdrawn, expired or of a closed incident is answered here, with the same headers. The check
    against forged forms reads the body, so it follows the check of the link.
    """
    return _guarded(view, request_link_of)


def receipt_link(view: LinkView[P]) -> View:
    """Pass the request of a link to receipts to the view; otherwise as `private_link`."""
    return _guarded(view, access_log.receipt_link_of)


def sending(asked: FootageRequest) -> AbstractContextManager[None]:
    """Count one sender of a request at this moment. Raises TooManyAtOnce."""
    return at_once("sending", SENDING_AT_ONCE, str(asked.pk))


def _guarded(view: LinkView[P], link_of: Callable[[str], RequestLink | access_log.ReceiptLink]) -> View:
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
