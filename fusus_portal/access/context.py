"""What every page knows: the agency, its county, and how long this sign-in may rest."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

from fusus_portal.geo.jurisdiction import own_county


def agency_words() -> dict[str, Any]:
    """Return the agency as pages and mails name it."""
    county = own_county()
    return {
        "name": settings.AGENCY_NAME,
        "short_name": settings.AGENCY_SHORT_NAME,
        "phone": settings.AGENCY_PHONE,
        "news_url": settings.AGENCY_NEWS_URL,
        "social_urls": settings.AGENCY_SOCIAL_URLS,
        "seal_url": settings.AGENCY_SEAL or _seal(),
        "county": county.name,
        "state": county.state,
    }


@lru_cache(maxsize=1)
def _seal() -> str:
    return static("img/seal.svg")


def agency(request: HttpRequest) -> dict[str, Any]:
    """Template context: `agency` and `county`."""
    words = agency_words()
    return {"agency": words, "county": words["county"]}


def sign_in(request: HttpRequest) -> dict[str, Any]:
    """Template context: seconds without use after which an agency page locks, and seconds of warning before."""
    return {
        "idle_seconds": int(settings.IDLE_LIMIT.total_seconds()),
        "idle_warning_seconds": int(settings.IDLE_WARNING.total_seconds()),
    }
