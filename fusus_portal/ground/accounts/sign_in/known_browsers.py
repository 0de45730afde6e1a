"""Browsers of earlier sign-ins. The cookie does not reveal the account; a new password ends its marks."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from secrets import token_hex
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from fusus_portal.ground.accounts.models import User

COOKIE: Final = "known_browser"
SALT: Final = "accounts.known_browser"
LIFE: Final = timedelta(days=180)
"""Since the last sign-in of any account in this browser."""
MOST: Final = 5
"""Accounts for each browser; a household shares one. A sixth replaces the least recently used."""

View = Callable[..., HttpResponseBase]


class _Kept(NamedTuple):
    """The cookie's content. number: the browser's. marks: of accounts, the last used first."""

    number: str
    marks: tuple[str, ...]


def mark_of(request: HttpRequest, account: User | None) -> str:
    """Return the account's mark in this browser, or "" if it never signed in here with its current password."""
    if account is None:
        return ""
    kept = _kept(request)
    own = _mark(kept.number, account)
    return own if any(constant_time_compare(own, mark) for mark in kept.marks) else ""


def has_any(request: HttpRequest) -> bool:
    """True if the browser has our cookie; a public computer has none."""
    return COOKIE in request.COOKIES


def note(request: HttpRequest, account: User, *, is_known: bool) -> None:
    request.known_account = (account, is_known)  # type: ignore[attr-defined]


def answered(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        noted = getattr(request, "known_account", None)
        if noted is not None:
            _keep(request, response, *noted)
        return response

    return guarded


def _keep(request: HttpRequest, response: HttpResponseBase, account: User, is_known: bool) -> None:
    kept = _kept(request)
    own = _mark(kept.number, account)
    others = [mark for mark in kept.marks if mark != own]
    marks = [own, *others][:MOST] if is_known else others
    if not marks:
        if has_any(request):
            response.delete_cookie(COOKIE, path=reverse("account"), samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        signing.dumps([kept.number, marks], salt=SALT),
        max_age=LIFE,
        path=reverse("account"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _kept(request: HttpRequest) -> _Kept:
    try:
        number, marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return _Kept(token_hex(16), ())
    return _Kept(number, tuple(marks))


def _mark(number: str, account: User) -> str:
    # A keyed digest of the browser's random number, account and password.
    content = f"{number} {account.pk} {account.get_session_auth_hash()}"
    return salted_hmac(SALT, content, algorithm="sha256").hexdigest()[:32]
