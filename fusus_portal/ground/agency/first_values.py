"""First values of the agency's row: the settings AGENCY_*. Later only the row counts."""

from typing import Any

from django.conf import settings


def first_values() -> dict[str, Any]:
    return {
        "name": settings.AGENCY_NAME,
        "short_name": settings.AGENCY_SHORT_NAME,
        "phone": settings.AGENCY_PHONE,
        "news_url": settings.AGENCY_NEWS_URL,
        "social_urls": settings.AGENCY_SOCIAL_URLS,
        "seal_address": settings.AGENCY_SEAL,
        "color_primary": settings.AGENCY_COLOR_PRIMARY,
        "color_accent": settings.AGENCY_COLOR_ACCENT,
    }
