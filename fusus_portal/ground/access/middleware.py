"""Denied by default: the gate checks each view's mark before the view runs."""

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
    """Tells Django's session its network; answers 429 or 503 when no further session may be made."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.session.network = network_of(request)  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (TooManyRequests, CannotCount) as error:
            return refusals.answer(request, error) or response


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting_from(source_of(request)), read_once():
            return _kept_by_nobody(request, self.get_response(request))

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
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
        return refusals.answer(request, exception)


def _kept_by_nobody(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Forbid browsers to keep a page that needs a permission: the next person may press Back (ASVS 14.3.2)."""
    mark = _mark(request, request.resolver_match.func) if request.resolver_match else None
    if mark is not None and mark.permission is not None and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store"
    return response


def _mark(request: HttpRequest, view: Callable[..., Any]) -> Mark | None:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return mark_of(view) or MARKS.get(name)
