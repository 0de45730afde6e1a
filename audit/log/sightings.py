"""Sightings: views of things that a page shows at each opening. In an hour the first two are entries, others a count.

Counts become entries after their hour, or at the person's sign-out (docs/decisions/audit/counting-sightings.md).
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Unpack

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from audit.log.actors import Actor, Source, Subject, acting_from, current_source
from audit.log.events import Event
from audit.log.models import AuditSighting
from audit.log.selectors import FOLDED
from audit.log.services import About, Line, record_each
from fusus_portal.ground.serving.networks import network_of

AT_ONCE = 2
"""The first two sightings of an hour are entries at once. The database has this number too."""

COUNT = """
INSERT INTO audit_sighting AS counted (hour, event, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in, address,
    user_agent, incident_id, offence_type, reason, together, alike, subject_kind, subject_id, camera_id, premises_type,
    area, facts, seen)
SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, line.*, 1
FROM unnest(%s::bytea[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[]) AS line (alike)
ORDER BY line.alike
ON CONFLICT (hour, alike) DO UPDATE SET seen = counted.seen + 1 RETURNING alike, seen
"""
"""Counts rows in the order of `alike`, so that two windows of one sign-in wait for each other without a deadlock."""


def record_sightings(*, event: Event, actor: Actor, lines: Iterable[Line], **about: Unpack[About]) -> None:
    """Write entries as `record_each` does for the first two like sightings of an hour; count the others.

    Alike are sightings of one sign-in from one network with the same entry. Without a sign-in all are entries. Raises
    ValueError for an event that is never folded, and as `record_each`.
    """
    if event not in FOLDED:
        raise ValueError(f"{event} is an entry each time")
    seen = list(lines)
    if current_source().sign_in and seen:
        if not connection.in_atomic_block:
            raise RuntimeError("a sighting is counted inside the transaction of its act")
        seen = _to_write(event, actor, seen, **about)
    record_each(event=event, actor=actor, lines=seen, **about)


def settle_hours() -> int:
    """Write the entries of counted sightings in hours that have ended; return the number of entries."""
    return _settle(Q(hour__lt=_hour()))


def settle_of(account: str) -> int:
    """Write the entries of an account's counted sightings at once; return the number of entries. account: its id."""
    return _settle(Q(actor_id=account))


def _to_write(
    event: Event, actor: Actor, lines: Sequence[Line], *, incident: str = "", reason: str = "", offence_type: str = ""
) -> list[Line]:
    source, hour = current_source(), _hour()
    said = (event.value, actor.kind.value, actor.id, actor.role, actor.pseudonym, source.sign_in)
    about = (incident, offence_type, reason)
    together = _digest(*said, network_of(source.address), source.user_agent, *about)
    by_digest = {_digest(together.hex(), *_told(line)): line for line in lines}
    columns = zip(*((alike, *_told(line)) for alike, line in by_digest.items()), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [hour, *said, source.address, source.user_agent, *about, together, *map(list, columns)])
        return [by_digest[bytes(alike)] for alike, seen in cursor.fetchall() if seen <= AT_ONCE]


def _told(line: Line) -> tuple[str, ...]:
    facts = json.dumps(dict(line.facts), sort_keys=True)
    return (*line.subject, line.camera, line.premises_type, line.area, facts)


def _digest(*parts: str) -> bytes:
    return hashlib.sha256(json.dumps(parts).encode()).digest()


def _hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def _settle(due: Q) -> int:
    """Write due counts as entries, a page of cameras in one transaction, which locks those in one order."""
    pages = AuditSighting.objects.filter(due).order_by("hour", "together").values_list("hour", "together").distinct()
    return sum(_settle_page(due & Q(hour=hour, together=together)) for hour, together in list(pages))


def _settle_page(page: Q) -> int:
    with transaction.atomic():
        rows = list(AuditSighting.objects.select_for_update(skip_locked=True).filter(page).order_by("alike"))
        repeated = [row for row in rows if row.seen > AT_ONCE]
        if repeated:
            _write(repeated)
        AuditSighting.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(repeated)


def _write(rows: Sequence[AuditSighting]) -> None:
    first = rows[0]
    with acting_from(Source(address=first.address, user_agent=first.user_agent, sign_in=first.sign_in)):
        record_each(
            event=Event(first.event),
            actor=first.actor,
            lines=[_line(row) for row in rows],
            incident=first.incident_id,
            reason=first.reason,
            offence_type=first.offence_type,
        )


def _line(row: AuditSighting) -> Line:
    facts = {**row.facts, "count": row.seen - AT_ONCE, "hour": row.hour.isoformat()}
    return Line(Subject(row.subject_kind, row.subject_id), row.camera_id, row.premises_type, row.area, facts)
