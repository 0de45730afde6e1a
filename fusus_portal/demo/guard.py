"""Guard of the demo's pages: they exist only with DEBUG and a database on this machine."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]

LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}


def is_demo() -> bool:
    host = str(settings.DATABASES["default"].get("HOST", ""))
    return bool(settings.DEBUG) and (host in LOOPBACK or host.startswith("/"))


def demo_only(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_demo():
            raise Http404("the demo's pages exist in development only")
        return view(request, *args, **kwargs)

    return guarded
