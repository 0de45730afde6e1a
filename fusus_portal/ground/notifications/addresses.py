"""Addresses of pages as used outside the portal: in messages, and on an operator's screen."""

from urllib.parse import urljoin

from django.conf import settings


def absolute(path: str) -> str:
    """Return the whole address of a page, which begins with SITE_URL. path: as `reverse` returns it."""
    return urljoin(settings.SITE_URL, path)
