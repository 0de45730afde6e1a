"""Denied by default: the gate checks each view's mark before the view runs."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions import middleware as sessions
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from audit.log.actors import Source, acting_from
from fusus_portal.ground.access import gate, refusals
from fusus_portal.ground.access.limits import CannotCount, TooManyRequests
from fusus_portal.ground.access.marks import MARKS, PUBLIC, Mark, mark_of
from fusus_portal.ground.access.source import address_of, network_of, source_of
from fusus_portal.ground.agency.selectors import read_once
from fusus_portal.ground.lifecycle import Refused

NUL: Final = "\0"


class NulMiddleware(MiddlewareMixin):
    def process_request(self, request: HttpRequest) -> None:
        # A quoted cookie can hold any character.
        _must_have_none([*_texts(request.GET), *request.COOKIES.values()])


def _texts(said: QueryDict) -> Iterable[str]:
    for name, values in said.lists():
        yield name
        yield from map(str, values)


def _must_have_none(texts: Iterable[str]) -> None:
    if any(NUL in text for text in texts):
        raise BadRequest


ROOT: Final = "/core/v1/"


class MachineMiddleware(MiddlewareMixin):
    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        if not request.path_info.startswith(ROOT):
            return None
        try:
            match = resolve(request.path_info, settings.MACHINE_URLCONF)
        except Resolver404:
            return None
        if mark_of(match.func) != PUBLIC:
            return None
        request.resolver_match = match
        return answer_machine(match.func, request, *match.args, **match.kwargs)


def answer_machine(
    view: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """Run a view that a device calls. Its audit entries carry the call's address and browser, like those of people."""
    agent = request.headers.get("User-Agent", "")
    source = Source(address=address_of(request), user_agent=agent, sign_in="")
    with acting_from(source), translation.override(settings.LANGUAGE_CODE):
        return view(request, *args, **kwargs)


class SessionMiddleware(sessions.SessionMiddleware):
    """Tells Django's session the client's network; answers 429 or 503 if that network may begin no further session."""

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
        # The CSRF check has read the form. Other bodies are streams or JSON.
        if answer is None and not getattr(view, "csrf_exempt", False):
            _must_have_none(_texts(request.POST))
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
