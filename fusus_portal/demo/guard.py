"""Guard of the demo's pages, which exist only with DEBUG and a database on this machine; tokens that sign in once."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from fusus_portal.ground.accounts.models import User

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


def account_of_role(role: str) -> User | None:
    """Return the first demo account of a role."""
    return User.objects.filter(role=role, is_active=True).order_by("joined_at", "email").first()


SIGN_IN_SALT: Final = "demo.sign-in"
SIGN_IN_SECONDS: Final = 10 * 60


def sign_in_token(account: User) -> str:
    return signing.dumps([str(account.pk), secrets.token_hex(8)], salt=SIGN_IN_SALT)


def account_of_token(token: str) -> User | None:
    """Return the account that a sign-in token names, and use the token up; None if it is used, old or not ours."""
    try:
        identity, once = signing.loads(token, salt=SIGN_IN_SALT, max_age=SIGN_IN_SECONDS)
    except signing.BadSignature:
        return None
    if not cache.add(f"demo-sign-in:{once}", 1, timeout=SIGN_IN_SECONDS):
        return None
    return User.objects.filter(pk=identity, is_active=True).first()
