"""The CORE of a call, found by its token, and its streams.

One hand-written statement finds all that a call of an idle CORE needs: a thousand COREs call every 15 seconds, and to
build the statement each time would cost more than to run it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Max, Q

from integration.clips.states import ClipState
from integration.cores.models import Core, CoreToken
from integration.live.models import LiveStream
from integration.live.states import GrantState

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
    """The calling CORE and its token; only the columns that a call needs are loaded. has_clip: one is ordered."""

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
