"""What every page knows: the agency, its county, and how long this sign-in may rest."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from fusus_portal.ground.access.frames import Frames
from fusus_portal.ground.agency.selectors import words
from fusus_portal.ground.geo.jurisdiction import own_county


def agency(request: HttpRequest) -> dict[str, Any]:
    """Template context: `agency`, read by one query where a page names it, and `county`."""
    return {"agency": SimpleLazyObject(words), "county": own_county().name}


def sign_in(request: HttpRequest) -> dict[str, Any]:
    """Template context: seconds without use after which an agency page locks, and seconds of warning before.

    agency_provider: what the agency calls its own identity provider, "" without one. shows_notices: whether devices of
    the agency's people can show that something waits. frames: of pages for the agency's people and others alike.
    """
    return {
        "idle_seconds": int(settings.IDLE_LIMIT.total_seconds()),
        "idle_warning_seconds": int(settings.IDLE_WARNING.total_seconds()),
        "agency_provider": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "shows_notices": bool(settings.PUSH_KEY),
        "frames": Frames(request),
    }
