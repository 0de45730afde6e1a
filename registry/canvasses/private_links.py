"""Pages behind a link of a message: found by nobody else, kept by no cache, in the owner's language."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from fusus_portal.ground.access import public, refusals
from fusus_portal.ground.access.limits import at_once
from fusus_portal.ground.lifecycle import Denied
from registry.access_log import receipt_links
from registry.canvasses import request_links
from registry.canvasses.models.canvasses import FootageRequest
from registry.rules import SENDING_AT_ONCE

P = ParamSpec("P")
LinkView = Callable[Concatenate[HttpRequest, FootageRequest, P], HttpResponse]
View = Callable[..., HttpResponse]  # Django hands the token over by name


def private_link(view: LinkView[P]) -> View:
    """Hand the request of the link's token to the view. Opening a link changes nothing: mail scanners do it.

    A link that is forged, withdrawn, expired or of a closed incident is answered here, with the same headers. Only then
    is the body of a form read: the check against forged forms wants a field of it, and comes behind the link's.
    """
    return _guarded(view, request_links.link_of)


def receipt_link(view: LinkView[P]) -> View:
    """Hand the request of a link to receipts to the view; otherwise as `private_link`."""
    return _guarded(view, receipt_links.link_of)


def sending(asked: FootageRequest) -> AbstractContextManager[None]:
    """Count one of those who send something for a request just now. Raises TooManyAtOnce."""
    return at_once("sending", SENDING_AT_ONCE, str(asked.pk))


def _guarded(
    view: LinkView[P], link_of: Callable[[str], request_links.RequestLink | receipt_links.ReceiptLink]
) -> View:
    protected = csrf_protect(view)

    @csrf_exempt  # where the middleware would read the body before the link is judged
    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            link = link_of(token)
            if link.request.registrant is not None:  # who has not left
                speak(link.request.registrant.language, request)
            link.must_work()
            with sending(link.request) if request.method == "POST" else nullcontext():
                response = protected(request, link.request, *args, **kwargs)
        except Denied as denied:
            response = refused(request, denied, "registry/canvasses/reply/over.html")
        return private(response)

    return public(guarded)


def refused(request: HttpRequest, denied: Denied, too_late: str) -> HttpResponse:
    """Record the refusal as everywhere; whoever comes too late reads a page of what it was, not of an error."""
    answer = refusals.answer(request, denied) or refusals.closed(request)
    if answer.status_code != HTTPStatus.CONFLICT:
        return answer
    return render(request, too_late, {"sentence": denied.sentence}, status=answer.status_code)


def speak(language: str, request: HttpRequest) -> None:
    """Use a language, unless whoever reads has switched it on this site."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def private(response: HttpResponse) -> HttpResponse:
    """Let no cache and no other site learn of a page or its address."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    # Other sites never get the address. "no-referrer" would make browsers send "Origin: null" with our
    # own forms, and the check against forged forms refuses that.
    response["Referrer-Policy"] = "same-origin"
    return response
