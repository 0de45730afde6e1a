from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from fusus_portal.ground.access import refusals
from fusus_portal.ground.access.marks import public
from fusus_portal.ground.lifecycle import Denied

View = Callable[..., HttpResponse]  # Django hands the token over by name


def private_page(too_late: str) -> Callable[[View], View]:
    """Let a view behind a signed link answer refusals. too_late: template of the 409, about the request itself."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response = view(request, *args, **kwargs)
            except Denied as denied:
                response = refusals.answer(request, denied) or refusals.closed(request)
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


def speak(language: str, request: HttpRequest) -> None:
    """Activate a language, unless the reader has switched it on this site."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
