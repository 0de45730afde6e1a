"""No text that people send holds the character NUL, which PostgreSQL can't keep: such a request can't be read."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, QueryDict

NUL: Final = "\0"


class NulMiddleware:
    """Answers 400 before a query, a cookie or a form with a NUL reaches anything that asks the database with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Read the query and the cookies; a quoted cookie can hold any character."""
        _must_have_none([*_texts(request.GET), *request.COOKIES.values()])
        return self.get_response(request)


def check_form(request: HttpRequest, view: Callable[..., Any]) -> None:
    """Read a form whose forgery check has read it as well; other bodies are streams, or JSON with checks of its own.

    Raises BadRequest.
    """
    if not getattr(view, "csrf_exempt", False):
        _must_have_none(_texts(request.POST))


def _texts(said: QueryDict) -> Iterable[str]:
    for name, values in said.lists():
        yield name
        yield from map(str, values)


def _must_have_none(texts: Iterable[str]) -> None:
    if any(NUL in text for text in texts):
        raise BadRequest
