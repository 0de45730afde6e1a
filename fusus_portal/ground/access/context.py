"""Template context: the agency, signing in, and the base template of pages that public and console share."""

from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in import sessions
from fusus_portal.ground.agency.selectors import words
from fusus_portal.ground.geo.counties import own_county

PUBLIC: Final = "errors/base.html"
CONSOLE: Final = "errors/console.html"


def context_of(request: HttpRequest) -> dict[str, Any]:
    """Return an error page's context: its base template, the public one while the database is down, and a way back."""
    try:
        inside = _is_inside(request)
    except (OperationalError, InterfaceError):
        inside = False
    return {"frame": CONSOLE, "page_behind": page_behind(request)} if inside else {"frame": PUBLIC}


def page_behind(request: HttpRequest) -> str:
    """Return the path of the page of this portal whose form was posted, or "" for a GET or a form of another site."""
    referer = request.headers.get("Referer", "")
    if request.method in ("GET", "HEAD") or not url_has_allowed_host_and_scheme(
        referer, allowed_hosts={request.get_host()}
    ):
        return ""
    parts = urlsplit(referer)
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{parts.query}" if parts.query else path


def page_of_posted_form(request: HttpRequest, *pages: str) -> str:
    """Return the path of the page whose form was sent if its URL name is in `pages`, else the path of the first."""
    page = page_behind(request)
    with suppress(Resolver404):
        if page and resolve(urlsplit(page).path).url_name in pages:
            return page
    return reverse(pages[0])


def _is_inside(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return (
        isinstance(user, User)
        and user.is_agency
        and sessions.ended(request) is None
        and sessions.notice_acknowledged(request)
        and sessions.second_factor_shown(request, user)
    )


def agency(request: HttpRequest) -> dict[str, Any]:
    return {"agency": SimpleLazyObject(words), "county": own_county().name}


def sign_in(request: HttpRequest) -> dict[str, Any]:
    """Return the template context about signing in. agency_provider: the name of the agency's own provider, or ""."""
    return {
        "idle_seconds": int(settings.IDLE_LIMIT.total_seconds()),
        "idle_warning_seconds": int(settings.IDLE_WARNING.total_seconds()),
        "agency_provider": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "shows_notices": bool(settings.PUSH_KEY),
        "account_frame": lambda: "console/base.html" if _is_inside(request) else "public/base_narrow.html",
    }
