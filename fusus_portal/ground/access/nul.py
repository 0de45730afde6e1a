"""Requests with the character NUL are refused: PostgreSQL can't store it."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, QueryDict

NUL: Final = "\0"


class NulMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A quoted cookie can hold any character.
        _must_have_none([*_texts(request.GET), *request.COOKIES.values()])
        return self.get_response(request)


def check_form(request: HttpRequest, view: Callable[..., Any]) -> None:
    """Check a form for NUL, after the CSRF check has read it. Other bodies are streams or JSON. Raises BadRequest."""
    if not getattr(view, "csrf_exempt", False):
        _must_have_none(_texts(request.POST))


def _texts(said: QueryDict) -> Iterable[str]:
    for name, values in said.lists():
        yield name
        yield from map(str, values)


def _must_have_none(texts: Iterable[str]) -> None:
    if any(NUL in text for text in texts):
        raise BadRequest
