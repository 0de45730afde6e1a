from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from audit import hooks
from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import reasons_of
from fusus_portal.ground.numbers import CAMERA, number_of

OUTCOME_KINDS = {"done": "quiet", "refused": "warn"}
"""Kind of tag for an outcome; any other outcome is bad."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the log. reason: "" if none was given or it has expired. clock: the hour on the agency's clock."""

    entry: AuditEntry
    who: str
    what: str
    about: str
    incident: str
    reason: str
    facts: str
    utc: str
    local: str
    clock: str
    outcome_kind: str
    camera: str
    camera_called: str


def rows_of(entries: Iterable[AuditEntry]) -> list[Row]:
    page = list(entries)
    reasons = reasons_of(page)
    incidents = hooks.names("incident", (entry.incident_id for entry in page))
    names = names_of_subjects(page)
    cameras = hooks.names("camera", (entry.camera_id for entry in page))
    return [
        Row(
            entry=entry,
            who=who(entry),
            what=sentence(entry),
            about=about(entry, names),
            incident=incidents.get(entry.incident_id, ""),
            reason=reasons.get(bytes(entry.reason_digest or b""), ""),
            facts=", ".join(f"{name}: {value}" for name, value in sorted(entry.facts.items())),
            utc=utc(entry.at),
            local=local(entry.at),
            clock=formatted(timezone.localtime(entry.at), "g:i a T"),
            outcome_kind=OUTCOME_KINDS.get(entry.outcome, "bad"),
            camera=number_of(CAMERA, entry.camera_id) if entry.camera_id and not is_about_owner(entry) else "",
            camera_called=cameras.get(entry.camera_id, ""),
        )
        for entry in page
    ]


def is_about_owner(entry: AuditEntry) -> bool:
    """True if an entry's camera number counts an owner's name and address instead of a camera."""
    return entry.event == Event.OWNER_SEEN


def who(entry: AuditEntry) -> str:
    if entry.actor_kind == ActorKind.VISITOR:
        return _("A visitor")
    if entry.actor_kind == ActorKind.LINK:
        return _("The owner, by link")
    if entry.actor_kind == ActorKind.TASK:
        return _("The portal itself")
    return entry.actor_pseudonym or entry.actor_role.capitalize()


def sentence(entry: AuditEntry) -> str:
    return entry.sentence if entry.event in set(Event) else entry.event


def names_of_subjects(entries: Sequence[AuditEntry]) -> Mapping[tuple[str, str], str]:
    kinds = {entry.subject_kind for entry in entries}
    called = {kind: hooks.names(kind, (e.subject_id for e in entries if e.subject_kind == kind)) for kind in kinds}
    return {(kind, pk): name for kind, names in called.items() for pk, name in names.items()}


def about(entry: AuditEntry, names: Mapping[tuple[str, str], str]) -> str:
    kind = entry.subject_kind.replace("_", " ").replace("-", " ")
    name = names.get((entry.subject_kind, entry.subject_id), "")
    return f"{kind} {name or short(entry.subject_id)}".strip()


def short(pk: str) -> str:
    return f"{pk[:8]}…" if len(pk) > 16 else pk


def utc(at: datetime) -> str:
    """Return a time in UTC to hundredths of a second (CJIS AU-8)."""
    there = at.astimezone(UTC)
    return f"{there:%Y-%m-%d %H:%M:%S}.{there.microsecond // 10_000:02}"


def local(at: datetime) -> str:
    return formatted(timezone.localtime(at), "N j, g:i:s a T")
