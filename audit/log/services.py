"""Writes the log. Services of the other apps call these inside the act's own transaction."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from audit.log.actors import VISITOR, VISITORS, Actor, ActorKind, Source, Subject, acting_from, current_source
from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry, AuditTally
from audit.log.redaction import masked_facts, masked_text
from fusus_portal.ground.database.writing import insert_last, insert_many

NO_DIGESTS: dict[str, bytes | None] = {f"{kind}_digest": None for kind in AuditDetail.Kind}


@dataclass(frozen=True, slots=True)
class Line:
    subject: Subject
    camera: str = ""
    premises_type: str = ""
    area: str = ""
    facts: Mapping[str, int | str] = field(default_factory=dict)


def record(
    *,
    event: Event,
    actor: Actor,
    subject: Subject,
    incident: str = "",
    camera: str = "",
    reason: str = "",
    offence_type: str = "",
    premises_type: str = "",
    area: str = "",
    facts: Mapping[str, int | str] | None = None,
    outcome: str = "done",
) -> None:
    """Write the entry of one act before the transaction's next statement, or together with its commit.

    incident, camera: opaque ids. reason: as typed; the entry has only its salted digest. Raises RuntimeError outside a
    transaction: an act and its entry commit together, or not at all.
    """
    line = Line(subject, camera, premises_type, area, facts or {})
    shared = _shared(event, actor, incident=incident, reason=reason, offence_type=offence_type, outcome=outcome)
    [ordered] = _ordered(event, [line])
    insert_last(AuditEntry, shared=_values(ordered) | shared)


def record_at_once(*, event: Event, actor: Actor, subject: Subject, **about: Any) -> AuditEntry:
    """Write as `record` does, with its arguments, but return the entry as the database wrote it, with its id."""
    alike = {name: about.pop(name) for name in ("incident", "reason", "offence_type", "outcome") if name in about}
    [entry] = record_many(event=event, actor=actor, lines=[Line(subject, **about)], **alike)
    return entry


def record_many(
    *,
    event: Event,
    actor: Actor,
    lines: Iterable[Line],
    incident: str = "",
    reason: str = "",
    offence_type: str = "",
    outcome: str = "done",
) -> list[AuditEntry]:
    """Write one entry for each line, in two statements, by camera: so two acts lock counters in the same order."""
    shared = _shared(event, actor, incident=incident, reason=reason, offence_type=offence_type, outcome=outcome)
    return AuditEntry.objects.bulk_create([AuditEntry(**_values(line), **shared) for line in _ordered(event, lines)])


def record_each(
    *,
    event: Event,
    actor: Actor,
    lines: Iterable[Line],
    incident: str = "",
    reason: str = "",
    offence_type: str = "",
) -> None:
    """Write as `record_many` does, but return nothing: less than half its time, for acts on thousands of subjects."""
    shared = _shared(event, actor, incident=incident, reason=reason, offence_type=offence_type, outcome="done")
    rows = [_values(line) for line in _ordered(event, lines)]
    varying = {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
    insert_many(AuditEntry, shared=shared, varying=varying)


def _ordered(event: Event, lines: Iterable[Line]) -> list[Line]:
    ordered = sorted(lines, key=lambda line: (line.camera, line.subject.id))
    if ordered and ordered[-1].camera and not Event(event).owner:
        raise ValueError(f"an entry that takes a camera's number is one that its owner reads, and {event} is not")
    return ordered


def _shared(
    event: Event, actor: Actor, *, incident: str, reason: str, offence_type: str, outcome: str
) -> dict[str, Any]:
    if not isinstance(actor, Actor):
        raise TypeError("an entry needs an Actor")
    if not connection.in_atomic_block:
        raise RuntimeError("an entry is written inside the transaction of its act")
    source = current_source()
    digests = _keep_details(source=source, reason=reason, incident=incident)
    return {
        "event": Event(event).value,
        "outcome": outcome,
        "actor_kind": actor.kind.value,
        "actor_id": actor.id,
        "actor_role": actor.role,
        "actor_pseudonym": actor.pseudonym,
        "sign_in": source.sign_in,
        "incident_id": incident,
        "offence_type": offence_type,
        **digests,
    }


def _values(line: Line) -> dict[str, Any]:
    return {
        "subject_kind": line.subject.kind,
        "subject_id": line.subject.id,
        "camera_id": line.camera,
        "premises_type": line.premises_type,
        "area": line.area,
        "facts": masked_facts(line.facts),
    }


def _keep_details(*, source: Source, reason: str, incident: str) -> dict[str, bytes | None]:
    texts = {
        AuditDetail.Kind.REASON: masked_text(reason.strip()),
        AuditDetail.Kind.ADDRESS: source.address,
        AuditDetail.Kind.AGENT: masked_text(source.user_agent[:500]),
    }
    kept = {kind: text for kind, text in texts.items() if text}
    if not kept:
        return NO_DIGESTS
    salts = [secrets.token_bytes(16) for _ in kept]
    digests = [hashlib.sha256(salt + text.encode()).digest() for salt, text in zip(salts, kept.values(), strict=True)]
    insert_last(
        AuditDetail,
        shared={"incident_id": incident},
        varying={"kind": list(kept), "text": list(kept.values()), "salt": salts, "digest": digests},
    )
    return NO_DIGESTS | {f"{kind}_digest": digest for kind, digest in zip(kept, digests, strict=True)}


def record_refusal(
    *, event: Event, actor: Actor, subject: Subject, facts: Mapping[str, int | str], **about: str
) -> None:
    """Record a refused act, in a transaction of its own, after the act was rolled back.

    about: further arguments of `record`; counts have none of them. A visitor's refusals are counted, and so is a known
    actor's same refusal within a minute; the counts become one entry at the end of the minute.
    """
    with transaction.atomic():
        if actor.kind is ActorKind.VISITOR:
            count_visitor(event=Event.VISITOR_REFUSED)
        elif _count(event, actor, subject) == 1:
            record(event=event, actor=actor, subject=subject, facts=facts, outcome="refused", **about)


def count_visitor(*, event: Event) -> None:
    _count(event, VISITOR, VISITORS)


def _count(event: Event, actor: Actor, subject: Subject) -> int:
    """Count one refusal; return the number of its kind in this minute."""
    minute = timezone.now().replace(second=0, microsecond=0)
    address = current_source().address
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_tally AS tally (minute, event, address, actor_kind, actor_id, actor_role, "
            "actor_pseudonym, subject_kind, subject_id, count) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 1) "
            "ON CONFLICT (minute, event, address, actor_kind, actor_id, subject_kind, subject_id) "
            "DO UPDATE SET count = tally.count + 1 RETURNING count",
            [minute, Event(event).value, address, actor.kind.value, actor.id, actor.role, actor.pseudonym, *subject],
        )
        (count,) = cursor.fetchone()
    return int(count)


def settle_tallies() -> int:
    this_minute = timezone.now().replace(second=0, microsecond=0)
    with transaction.atomic():
        finished = AuditTally.objects.select_for_update(skip_locked=True).filter(minute__lt=this_minute)
        tallies = list(finished.order_by("minute", "event", "address")[:1000])
        settled = [tally for tally in tallies if tally.without_entry]
        for tally in settled:
            _settle(tally)
        AuditTally.objects.filter(pk__in=[tally.pk for tally in tallies]).delete()
    return len(settled)


def _settle(tally: AuditTally) -> None:
    with acting_from(Source(address=tally.address)):
        record(
            event=Event(tally.event),
            actor=tally.actor,
            subject=Subject(tally.subject_kind, tally.subject_id),
            facts={"count": tally.without_entry, "minute": tally.minute.isoformat()},
            outcome="refused",
        )
