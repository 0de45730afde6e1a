from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from fusus_portal.ground.access.frames import Frames
from fusus_portal.ground.agency.selectors import words
from fusus_portal.ground.geo.jurisdiction import own_county


def agency(request: HttpRequest) -> dict[str, Any]:
    return {"agency": SimpleLazyObject(words), "county": own_county().name}


def sign_in(request: HttpRequest) -> dict[str, Any]:
    """Template context of the sign-in. agency_provider: name of the agency's own identity provider, "" without one."""
    return {
        "idle_seconds": int(settings.IDLE_LIMIT.total_seconds()),
        "idle_warning_seconds": int(settings.IDLE_WARNING.total_seconds()),
        "agency_provider": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "shows_notices": bool(settings.PUSH_KEY),
        "frames": Frames(request),
    }
