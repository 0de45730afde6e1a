"""The frames of pages for everybody: the console's for people of the agency who are all the way in, or the public's."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in import sessions

PUBLIC: Final = "errors/base.html"
CONSOLE: Final = "errors/console.html"


@dataclass(frozen=True, slots=True)
class Frames:
    """The frame of a page that people of the agency and others open alike, found once a page names it."""

    request: HttpRequest

    @property
    def account(self) -> str:
        """Return the frame of the pages of one's own account."""
        return "console/base.html" if _is_inside(self.request) else "public/base_narrow.html"


def context_of(request: HttpRequest) -> dict[str, Any]:
    """Return what a page that says no needs besides its words: `frame`, and for the console `page_behind`, "" for none.

    It knows who asks, and nothing of what was asked for. Where nobody can tell who asks, it is the public's frame.
    """
    try:
        inside = _is_inside(request)
    except (OperationalError, InterfaceError):
        inside = False
    return {"frame": CONSOLE, "page_behind": page_behind(request)} if inside else {"frame": PUBLIC}


def page_behind(request: HttpRequest) -> str:
    """Return the page of ours that held the form that was sent, "" for none."""
    referer = request.headers.get("Referer", "")
    if request.method in ("GET", "HEAD") or not url_has_allowed_host_and_scheme(
        referer, allowed_hosts={request.get_host()}
    ):
        return ""
    parts = urlsplit(referer)
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{parts.query}" if parts.query else path


def page_of_press(request: HttpRequest, *pages: str) -> str:
    """Return the page of ours on which a button was pressed, if it is one of these, or else the first of them.

    pages: names of addresses; the first one takes no arguments.
    """
    page = page_behind(request)
    with suppress(Resolver404):
        if page and resolve(urlsplit(page).path).url_name in pages:
            return page
    return reverse(pages[0])


def _is_inside(request: HttpRequest) -> bool:
    """Tell whether somebody of the agency is signed in, has shown a second factor and knows the notice."""
    user = getattr(request, "user", None)
    return (
        isinstance(user, User)
        and user.is_agency
        and sessions.ended(request) is None
        and sessions.notice_acknowledged(request)
        and sessions.second_factor_shown(request, user)
    )
