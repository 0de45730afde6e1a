"""Which CORE calls, by its token, with all that an idle poll needs: one statement, written by hand.

A thousand COREs ask every quarter of a minute. Putting the statement together anew each time would cost more than it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from fusus_portal.geo import Point
from integration.models import Core, CoreToken
from integration.states import CoreState, DeclarationState

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
HEARD: Final = """
UPDATE integration_core SET seen_at = %(now)s
WHERE id = %(core)s AND state = %(active)s AND told_offline_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """The CORE that calls, and the token that it showed; of both only what a call needs is filled in.

    point: where it stands. has_stream: something may be ordered of it. is_anything_declared: anywhere at all.
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


def note_heard_of(core: Core, *, now: datetime) -> bool:
    """Note that an active CORE was heard of that nobody took for offline; tell whether it is one."""
    with connection.cursor() as cursor:
        cursor.execute(HEARD, {"core": core.pk, "now": now, "active": CoreState.ACTIVE.value})
        return bool(cursor.rowcount == 1)
