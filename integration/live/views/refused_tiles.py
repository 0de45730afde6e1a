"""Refused cameras for the wall, in the session without their names: the wall names those it may."""

import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fusus_portal.ground.access.requests import SignedInRequest
from integration.live.selectors.live_views import TOLD_FOR

REFUSED = "live_refused"


def keep(request: SignedInRequest, incident: UUID, refused: Iterable[tuple[UUID, str, str]]) -> None:
    told = [{"camera": str(camera), "sentence": sentence, "change": change} for camera, sentence, change in refused]
    until = time.time() + TOLD_FOR.total_seconds()
    request.session[REFUSED] = {"incident": str(incident), "until": until, "told": told}


def kept(request: SignedInRequest, incident: UUID) -> list[dict[str, Any]]:
    found = request.session.get(REFUSED, {})
    is_now = found.get("incident") == str(incident) and found["until"] > time.time()
    return list(found["told"]) if is_now else []
