"""The only place that turns the refusal of a request into a page and an audit entry."""

import logging
import sys
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import Error as DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from audit.log.actors import VISITOR, Actor, Subject
from audit.log.events import REFUSALS, Event
from audit.log.services import record_refusal
from fusus_portal.ground.access.context import context_of
from fusus_portal.ground.access.limits import CannotCount, TooManyRequests
from fusus_portal.ground.access.marks import public
from fusus_portal.ground.accounts.sign_in.sessions import BACKGROUND_HEADER
from fusus_portal.ground.lifecycle import Denied, NotYours, Refused, Stale

logger = logging.getLogger(__name__)

AWAY: Final = (OperationalError, InterfaceError)
"""The database is down, out of connections, or gave up a wait. A later try may work."""

LONGEST_ID: Final = 64
"""Most characters of a subject's id in the audit entry of a refusal."""

PAGE_AGAIN_SECONDS: Final = "60"
SCRIPT_AGAIN_SECONDS: Final = "2"
"""Seconds until a page that refreshes itself tries again: soon, so that its reader need not press a button."""


ANSWERS: Final[dict[type[Exception], tuple[int, Event]]] = {
    Refused: (403, REFUSALS[Refused]),
    Stale: (409, REFUSALS[Stale]),
    NotYours: (404, REFUSALS[NotYours]),
    Http404: (404, REFUSALS[NotYours]),
    PermissionDenied: (403, REFUSALS[Refused]),
}
"""Status of HTTP, and event of the entry."""


def answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Record a refusal and return its page; 429 past a rate limit, 503 if a server is down; None for other errors."""
    if isinstance(error, AWAY):
        logger.warning("answered 503: %s", type(error.__cause__ or error).__name__)
        return closed(request)
    if isinstance(error, TooManyRequests):
        return render(request, "429.html", status=429)
    if isinstance(error, CannotCount | RedisError):
        return closed(request, _("The portal can't count attempts right now, so it lets nobody through."))
    for kind, (status, event) in ANSWERS.items():
        if isinstance(error, kind):
            return _recorded(request, error, status, event)
    return None


def closed(request: HttpRequest, sentence: str = "") -> HttpResponse:
    """Return the 503 page; scripts get its sentence as JSON."""
    if request.headers.get(BACKGROUND_HEADER) or request.headers.get("Accept") == "application/json":
        said = {"sentence": sentence or _("The portal can't answer right now. This page tries again automatically.")}
        headers = {"Retry-After": SCRIPT_AGAIN_SECONDS, "Cache-Control": "no-store"}
        return JsonResponse(said, status=503, headers=headers)
    response = render(request, "errors/503.html", {"sentence": sentence}, status=503)
    response["Retry-After"] = PAGE_AGAIN_SECONDS
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = _(
        "This form was open for too long, or did not come from this site. Go back, reload the page, try again."
    )
    return _recorded(request, Refused(sentence), *ANSWERS[Refused])


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", context_of(request), status=404)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", context_of(request), status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Return the page of the error that Django is handling: 500, or 503 if only the database or Valkey was down."""
    error = sys.exc_info()[1]
    found = answer(request, error) if isinstance(error, Exception) else None
    return found or render(request, "errors/500.html", status=500)


def _recorded(request: HttpRequest, error: Exception, status: int, event: Event) -> HttpResponse:
    sentence = error.sentence if isinstance(error, Denied) else ""
    try:
        record_refusal(
            event=event,
            actor=_actor(request),
            subject=_subject(request, error),
            facts={"view": _view_name(request), "method": str(request.method), "sentence": str(sentence)},
        )
    except DatabaseError:
        return closed(request)
    context = {"sentence": sentence, **context_of(request)}
    return render(request, f"errors/{status}.html", context, status=status)


def _actor(request: HttpRequest) -> Actor:
    user = getattr(request, "user", None)
    return user.actor if user is not None and user.is_authenticated else VISITOR


def _subject(request: HttpRequest, error: Exception) -> Subject:
    if isinstance(error, Denied) and error.subject is not None and len(error.subject[1]) <= LONGEST_ID:
        return Subject(*error.subject)
    return Subject("page", _view_name(request)[:LONGEST_ID])


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


View = Callable[..., HttpResponse]  # Django hands the token over by name


def private_page(too_late: str) -> Callable[[View], View]:
    """Let a view behind a signed link answer refusals. too_late: template of the 409 page instead of the usual one."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response = view(request, *args, **kwargs)
            except Denied as denied:
                response = answer(request, denied) or closed(request)
                if response.status_code == HTTPStatus.CONFLICT:
                    response = render(request, too_late, {"sentence": denied.sentence}, status=HTTPStatus.CONFLICT)
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex, nofollow"
            # Other sites never get the address. "no-referrer" would make browsers send "Origin: null" with our
            # own forms, and the check against forged forms refuses that.
            response["Referrer-Policy"] = "same-origin"
            return response

        return public(answered)

    return decorate


def speak_language(language: str, request: HttpRequest) -> None:
    """Activate a language, unless the reader has chosen one on this site."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
