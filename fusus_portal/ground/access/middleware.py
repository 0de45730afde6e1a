"""Deny by default: before a view runs, its mark is read and the person is asked for what it needs."""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from audit.log.actors import acting_from
from fusus_portal.ground.access import gate, refusals
from fusus_portal.ground.access.limits import CannotCount, TooManyRequests
from fusus_portal.ground.access.marks import Mark, mark_of
from fusus_portal.ground.access.nul import check_form
from fusus_portal.ground.access.source import network_of, source_of
from fusus_portal.ground.access.third_party import MARKS
from fusus_portal.ground.agency.selectors import read_once
from fusus_portal.ground.lifecycle import Refused


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's; it tells each session from where it is asked for, and answers where no further one is made."""

    def process_request(self, request: HttpRequest) -> None:
        """Find the session."""
        super().process_request(request)
        request.session.network = network_of(request)  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep what is new in the session, or say why it can't be kept."""
        try:
            return super().process_response(request, response)
        except (TooManyRequests, CannotCount) as error:
            return refusals.answer(request, error) or response


class AccessMiddleware:
    """Guards every view, says where acts come from, and answers refused acts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Entries written while the request is answered carry its source; the agency is read once for it."""
        with acting_from(source_of(request)), read_once():
            return _kept_by_nobody(request, self.get_response(request))

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Let the view run, or answer in its place."""
        mark = _mark(request, view)
        if mark is None:
            return refusals.answer(request, Refused(_("This page says nothing about who may open it, so nobody may.")))
        try:
            answer = gate.answer_before(request, mark)
        except (Refused, *refusals.AWAY) as error:
            return refusals.answer(request, error)
        if answer is None:
            check_form(request, view)
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refused act; other errors go their way."""
        return refusals.answer(request, exception)


def _kept_by_nobody(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let no browser keep a page that not everyone may see: somebody else may press Back (ASVS 14.3.2)."""
    mark = _mark(request, request.resolver_match.func) if request.resolver_match else None
    if mark is not None and mark.permission is not None and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store"
    return response


def _mark(request: HttpRequest, view: Callable[..., Any]) -> Mark | None:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return mark_of(view) or MARKS.get(name)
