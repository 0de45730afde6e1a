"""Writes the log. Services of the other apps call these inside the act's own transaction.

Tickets: nobody sees private data before the entry of the view is committed. The order: record the view and commit; get
a ticket; pass it to the SQL function that returns where the data is kept. The database checks each step
(`migrations/0002_guard.py`), so code that forgets one shows nothing.

Expiry deletes texts that entries name by digest; entries and tree stay, and an expired text can no longer be proved.
The database enforces one year and legal holds (`migrations/0004_expiry.py`), and writes the entry with the counts.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import VISITOR, VISITORS, Actor, ActorKind, Source, Subject, acting_from, current_source
from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry, AuditTally
from fusus_portal.ground.database.writing import insert_last, insert_many
from fusus_portal.ground.lifecycle import Refused

MASKED = "[masked]"
_SECRET_NAME = re.compile(r"pass(word|phrase)?|secret|token|api_?key|cookie|authorization|credential", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"[A-Za-z0-9_-]{43,}|bearer\s+\S+|sessionid=\S+|(?:sk|rk|whsec)_\w{8,}", re.IGNORECASE)
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")

Facts = dict[str, int | str]


def masked_text(text: str) -> str:
    return _SECRET_VALUE.sub(MASKED, text)


def masked_facts(facts: Mapping[str, int | str]) -> Facts:
    """Mask secrets in facts. Raises ValueError for non-ASCII keys, TypeError for values but int and str (RFC 8785)."""
    return {key: _masked_value(key, value) for key, value in facts.items()}


def _masked_value(key: str, value: int | str) -> int | str:
    if not key.isascii():
        raise ValueError(f"fact {key!r}: keys are ASCII")
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"fact {key!r}: integers and strings only, not {type(value).__name__}")
    if _SECRET_NAME.search(key):
        return MASKED
    if key == "sha256" and _FINGERPRINT.fullmatch(str(value)):
        return value  # a file's hash looks like a key, but is none
    return masked_text(value) if isinstance(value, str) else value


NO_DIGESTS: dict[str, bytes | None] = {f"{kind}_digest": None for kind in AuditDetail.Kind}


@dataclass(frozen=True, slots=True)
class Line:
    subject: Subject
    camera: str = ""
    premises_type: str = ""
    area: str = ""
    facts: Mapping[str, int | str] = field(default_factory=dict)


class About(TypedDict, total=False):
    incident: str
    reason: str
    offence_type: str


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
    alike = {name: about.pop(name) for name in ("outcome", *About.__annotations__) if name in about}
    [entry] = record_many(event=event, actor=actor, lines=[Line(subject, **about)], **alike)
    return entry


def record_many(
    *, event: Event, actor: Actor, lines: Iterable[Line], outcome: str = "done", **about: Unpack[About]
) -> list[AuditEntry]:
    """Write one entry for each line, in two statements, ordered by camera: so two acts lock counters in one order."""
    shared = _shared(event, actor, outcome=outcome, **about)
    return AuditEntry.objects.bulk_create([AuditEntry(**_values(line), **shared) for line in _ordered(event, lines)])


def record_each(*, event: Event, actor: Actor, lines: Iterable[Line], **about: Unpack[About]) -> None:
    """Write as `record_many` does, but return nothing: less than half its time, for acts on thousands of subjects."""
    shared = _shared(event, actor, **about)
    rows = [_values(line) for line in _ordered(event, lines)]
    varying = {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
    insert_many(AuditEntry, shared=shared, varying=varying)


def _ordered(event: Event, lines: Iterable[Line]) -> list[Line]:
    ordered = sorted(lines, key=lambda line: (line.camera, line.subject.id))
    if ordered and ordered[-1].camera and not Event(event).owner:
        raise ValueError(f"an entry that takes a camera's number is one that its owner reads, and {event} is not")
    return ordered


def _shared(
    event: Event, actor: Actor, *, incident: str = "", reason: str = "", offence_type: str = "", outcome: str = "done"
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

    about: further arguments of `record`, which entries of counts do not have. A visitor's refusals are counted, and so
    is a known actor's same refusal within a minute; the counts become one entry at the end of the minute.
    """
    with transaction.atomic():
        if actor.kind is ActorKind.VISITOR:
            count_visitor(event=Event.VISITOR_REFUSED)
        elif _count(event, actor, subject) == 1:
            record(event=event, actor=actor, subject=subject, facts=facts, outcome="refused", **about)


def count_visitor(*, event: Event) -> None:
    _count(event, VISITOR, VISITORS)


def _count(event: Event, actor: Actor, subject: Subject) -> int:
    """Count one refusal; return how many like it there are in this minute."""
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


@dataclass(frozen=True, slots=True)
class Ticket:
    """Permission to see one thing for 10 minutes. Bound to event, actor, sign-in and subject."""

    token: str
    event: str
    subject_kind: str
    subject_id: str


def open_ticket(*, entry: AuditEntry, actor: Actor, sign_in: str) -> Ticket:
    """Return a ticket for the view that `entry` records.

    Raises Refused unless the entry is this actor's and sign-in's, committed by an earlier transaction, at most 60 s
    old, and without a ticket so far.
    """
    by = (actor.kind.value, actor.id, sign_in)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT audit_open_ticket(%s, %s, %s, %s, %s, %s, %s)",
                [entry.pk, entry.event, *by, entry.subject_kind, entry.subject_id],
            )
            (token,) = cursor.fetchone()
    except (ProgrammingError, IntegrityError) as error:
        raise Refused(_("This can be opened only after its audit entry is written. Please open it again.")) from error
    return Ticket(token, entry.event, entry.subject_kind, entry.subject_id)


TEXTS_AT_ONCE = 10_000


def expire_texts() -> int:
    return sum(iter(partial(expire_some_texts, before=timezone.now() - settings.LEDGER_KEEP), 0))


def expire_some_texts(*, before: datetime, most: int = TEXTS_AT_ONCE) -> int:
    """Delete up to `most` texts, with an entry; return the number. Raises IntegrityError for texts of the last year."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_expire(%s, %s)", [before, most])
        (gone,) = cursor.fetchone()
    return int(gone)
