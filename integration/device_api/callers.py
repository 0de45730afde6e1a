"""Callers of the device API: tokens, limits that all processes share, the calling CORE, and problems (RFC 9457).

One hand-written statement finds all that a call of an idle CORE needs: a thousand COREs call every 15 seconds, and to
build the statement each time would cost more than to run it.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Max, Q

from audit.log.events import Event
from audit.log.services import count_visitor
from fusus_portal.ground.access.limits import spend
from integration.clips.states import ClipState
from integration.cores import signatures
from integration.cores.models import Core, CoreToken
from integration.live.models import LiveStream
from integration.live.states import GrantState

PROBLEM: Final = "application/problem+json"


def problem_of(status: HTTPStatus, code: str, detail: str) -> dict[str, Any]:
    return {"type": f"urn:fusus-portal:core:{code}", "title": status.phrase, "status": status, "detail": detail}


CALLS: Final = "240/m"
"""Calls that one token may make: a poll each 15 seconds, and room for the rest."""

STRANGERS: Final = "60/m"
"""Refused calls that one network may make, whatever the callers claim to be."""


def token_in(authorization: str) -> str:
    scheme, _space, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def count_call(token: str, network: str, *, rate: str = CALLS) -> None:
    """Count a call by its token, or by its network if it has none. Raises TooManyRequests and CannotCount."""
    spend("core", rate, signatures.token_digest(token).hex() if token else network)


def count_stranger(network: str) -> None:
    """Count a refused call; too many from one network lock it out. Raises as `count_call`."""
    spend("core_strangers", STRANGERS, network)
    with transaction.atomic():
        count_visitor(event=Event.VISITOR_REFUSED)


QUERY: Final = """
SELECT token.issued_at, token.replaced_at, token.ends_at,
       core.id, core.key, core.state, core.seen_at, core.told_offline_at,
       EXISTS (SELECT FROM integration_livestream stream
               JOIN integration_devicecamera behind ON behind.id = stream.camera_id
               WHERE behind.core_id = core.id AND behind.removed_at IS NULL AND stream.ended_at IS NULL),
       EXISTS (SELECT FROM integration_clip clip
               JOIN integration_devicecamera behind ON behind.id = clip.camera_id
               WHERE behind.core_id = core.id AND clip.state = %(ordered)s)
FROM integration_coretoken token
JOIN integration_core core ON core.id = token.core_id
WHERE token.digest = %(digest)s AND token.ends_at > %(now)s
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """The calling CORE and its token; only the columns that a call needs are loaded. has_clip: it must send a clip."""

    core: Core
    token: CoreToken
    has_stream: bool
    has_clip: bool


def caller(digest: bytes, *, now: datetime) -> Caller | None:
    with connection.cursor() as cursor:
        cursor.execute(QUERY, {"digest": digest, "now": now, "ordered": ClipState.ORDERED.value})
        row = cursor.fetchone()
    if row is None:
        return None
    issued, replaced, ends, pk, key, state, seen, told_offline, has_stream, has_clip = row
    core = Core(pk=pk, key=key, state=state, seen_at=seen, told_offline_at=told_offline)
    token = CoreToken(digest=digest, core=core, issued_at=issued, replaced_at=replaced, ends_at=ends)
    return Caller(core, token, has_stream, has_clip)


def orders_for(caller: Caller, *, now: datetime) -> list[tuple[LiveStream, datetime]]:
    """Return the streams of a CORE that somebody views now, oldest first, each with the end of its last view."""
    if not caller.has_stream:
        return []
    running = Q(grants__state=GrantState.RUNNING, grants__ends_at__gt=now)
    rows = LiveStream.objects.filter(camera__core=caller.core, camera__removed_at__isnull=True, ended_at__isnull=True)
    watched = rows.filter(running).annotate(until=Max("grants__ends_at", filter=running)).select_related("camera")
    return [(stream, stream.until) for stream in watched.order_by("began_at", "pk")]
