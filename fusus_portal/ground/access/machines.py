"""Device calls skip session, language, forms and messages: a thousand devices poll every 15 seconds."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from audit.log.actors import Source, acting_from
from fusus_portal.ground.access.marks import PUBLIC, mark_of
from fusus_portal.ground.access.source import address_of

ROOT: Final = "/core/v1/"


class MachineMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        match = _match(request)
        if match is None:
            return self.get_response(request)
        request.resolver_match = match
        return answered(match.func, request, *match.args, **match.kwargs)


def answered(
    view: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """Run a device's view. Audit entries made in it carry the call's source, like those of people."""
    agent = request.headers.get("User-Agent", "")
    source = Source(address=address_of(request), user_agent=agent, sign_in="")
    with acting_from(source), translation.override(settings.LANGUAGE_CODE):
        return view(request, *args, **kwargs)


def _match(request: HttpRequest) -> ResolverMatch | None:
    if not request.path_info.startswith(ROOT):
        return None
    try:
        match = resolve(request.path_info, settings.MACHINE_URLCONF)
    except Resolver404:
        return None
    return match if mark_of(match.func) == PUBLIC else None
