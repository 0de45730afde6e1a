"""Where somebody goes on who has just registered: an app above says so, which they came from.

It registers itself in its `AppConfig.ready`, since nothing here knows of carts.
"""

from collections.abc import Callable

from django.http import HttpRequest

NextPage = Callable[[HttpRequest], str]
"""Returns the name of a page that takes no arguments, "" for none."""

_pages: dict[str, NextPage] = {}


def register(name: str, page: NextPage) -> None:
    """Add one. Doing it twice has one effect."""
    _pages[name] = page


def after_registering(request: HttpRequest) -> str:
    """Return where somebody goes on: to what waits for them, or else to their profile."""
    return next((found for page in _pages.values() if (found := page(request))), "profile")
