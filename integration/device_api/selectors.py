"""Which CORE calls, by its token, and what it is told at its poll.

All that an idle poll needs is one statement, written by hand: a thousand COREs ask every quarter of a minute.
Building the statement each time would cost more than running it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Max, Q

from fusus_portal.ground.geo.points import Point
from integration.cores.models import Core, CoreToken
from integration.critical.models import Declaration
from integration.critical.states import DeclarationState
from integration.live.models import LiveStream
from integration.live.policies.gate import TOLERANCE_M
from integration.live.states import GrantState
from integration.rules import POLL_COVERED_SECONDS, POLL_IDLE_SECONDS

QUERY: Final = """
SELECT token.issued_at, token.replaced_at, token.ends_at,
       core.id, core.key, core.state, core.seen_at, core.told_offline_at, place.latitude, place.longitude,
       EXISTS (SELECT FROM integration_livestream stream
               JOIN integration_devicecamera behind ON behind.id = stream.camera_id
               WHERE behind.core_id = core.id AND behind.removed_at IS NULL AND stream.ended_at IS NULL),
       EXISTS (SELECT FROM integration_declaration WHERE state = %(in_force)s AND ends_at > %(now)s)
FROM integration_coretoken token
JOIN integration_core core ON core.id = token.core_id
LEFT JOIN registry_premises place ON place.id = core.premises_id
WHERE token.digest = %(digest)s AND token.ends_at > %(now)s
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """The CORE that calls, and the token that it showed; of both only what a call needs is filled in.

    point: where it is. has_stream: something may be ordered of it. is_anything_declared: anywhere at all.
    """

    core: Core
    token: CoreToken
    point: Point | None
    has_stream: bool
    is_anything_declared: bool


def caller(digest: bytes, *, now: datetime) -> Caller | None:
    """Return who shows the token of this digest, while it works. One query."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY, {"digest": digest, "now": now, "in_force": DeclarationState.IN_FORCE.value})
        row = cursor.fetchone()
    if row is None:
        return None
    issued, replaced, ends, pk, key, state, seen, told_offline, latitude, longitude, has_stream, declared = row
    core = Core(pk=pk, key=key, state=state, seen_at=seen, told_offline_at=told_offline)
    token = CoreToken(digest=digest, core=core, issued_at=issued, replaced_at=replaced, ends_at=ends)
    point = None if latitude is None else Point(latitude, longitude)
    return Caller(core, token, point, has_stream, declared)


def orders_for(caller: Caller, *, now: datetime) -> list[tuple[LiveStream, datetime]]:
    """Return the streams of a CORE that somebody sees now, oldest first, each with when its last view ends."""
    if not caller.has_stream:
        return []
    running = Q(grants__state=GrantState.RUNNING, grants__ends_at__gt=now)
    rows = LiveStream.objects.filter(camera__core=caller.core, camera__removed_at__isnull=True, ended_at__isnull=True)
    watched = rows.filter(running).annotate(until=Max("grants__ends_at", filter=running)).select_related("camera")
    return [(stream, stream.until) for stream in watched.order_by("began_at", "pk")]


def again_in(caller: Caller, orders: Sequence[object], *, now: datetime) -> int:
    """Return after how many seconds a CORE comes back: at once while something is ordered of it, or could be."""
    return POLL_COVERED_SECONDS if orders or is_covered(caller, now=now) else POLL_IDLE_SECONDS


def is_covered(caller: Caller, *, now: datetime) -> bool:
    """Return whether a declaration in force covers the place of a CORE."""
    point = caller.point
    if point is None or not caller.is_anything_declared:
        return False
    declared = Declaration.objects.filter(state=DeclarationState.IN_FORCE, ends_at__gt=now)
    return any(point.distance_m(each.point) <= each.radius_m + TOLERANCE_M for each in declared)
