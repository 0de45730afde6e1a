"""Pages behind a link of a message about a footage request."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from fusus_portal.ground.access.limits import at_once
from fusus_portal.ground.access.private_pages import View, private_page, speak
from registry.access_log import receipt_links
from registry.canvasses import request_links
from registry.canvasses.models.canvasses import FootageRequest
from registry.rules import SENDING_AT_ONCE

P = ParamSpec("P")
LinkView = Callable[Concatenate[HttpRequest, FootageRequest, P], HttpResponse]


def private_link(view: LinkView[P]) -> View:
    """Pass the request of the link's token to the view. Opening a link changes nothing: mail scanners do it.

    A link that is forged, withdrawn, expired or of a closed incident is answered here, with the same headers. The check
    against forged forms reads the body, so it follows the check of the link.
    """
    return _guarded(view, request_links.link_of)


def receipt_link(view: LinkView[P]) -> View:
    """Pass the request of a link to receipts to the view; otherwise as `private_link`."""
    return _guarded(view, receipt_links.link_of)


def sending(asked: FootageRequest) -> AbstractContextManager[None]:
    """Count one sender of a request at this moment. Raises TooManyAtOnce."""
    return at_once("sending", SENDING_AT_ONCE, str(asked.pk))


def _guarded(
    view: LinkView[P], link_of: Callable[[str], request_links.RequestLink | receipt_links.ReceiptLink]
) -> View:
    protected = csrf_protect(view)

    @private_page("registry/canvasses/reply/over.html")
    @csrf_exempt  # the middleware would read the body before the link is checked
    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        link = link_of(token)
        if link.request.registrant is not None:  # None after the owner left
            speak(link.request.registrant.language, request)
        link.must_work()
        with sending(link.request) if request.method == "POST" else nullcontext():
            return protected(request, link.request, *args, **kwargs)

    return guarded
