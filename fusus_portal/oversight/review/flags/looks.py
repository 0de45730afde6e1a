"""Searches and live views with their calls, the evidence of most flags. Owners' answers are never read (promise R4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry

SEARCHES = (Event.CANVASS_DRAFTED, Event.CANVASS_CHANGED)
LOOKS = (*SEARCHES, Event.VIEW_STARTED)
"""Each is one entry of one person for one incident, with the typed reason."""

STORY = (Event.INCIDENT_OPENED, Event.INCIDENT_VERIFIED, Event.INCIDENT_CLOSED)


@dataclass(frozen=True, slots=True)
class Look:
    """One search, or the start of a live view. entry, person: ids. reason: its digest."""

    entry: int
    at: datetime
    person: str
    pseudonym: str
    incident: str
    reason: bytes | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """An incident, as the log has it.

    opened_by: the account's id, "" for dispatch. is_known: dispatch opened or confirmed it. is_verified: dispatch or a
    second person did. lapsed: nobody verified it in time. entries: evidence of these, oldest first.
    """

    opened_at: datetime | None = None
    opened_by: str = ""
    opener: str = ""
    is_known: bool = False
    is_verified: bool = False
    lapsed: bool = False
    entries: tuple[int, ...] = ()

    def was_fresh(self, look: Look, *, within: float) -> bool:
        """True if dispatch opened the incident at most `within` seconds before a look."""
        if self.opened_at is None or self.opened_by:
            return False
        return 0 <= (look.at - self.opened_at).total_seconds() <= within


UNKNOWN = Call()
"""An incident opened before the log began."""


def looks(begin: datetime, end: datetime) -> list[Look]:
    rows = AuditEntry.objects.filter(at__gte=begin, at__lt=end, event__in=LOOKS, outcome="done")
    values = rows.filter(actor_kind=ActorKind.USER).order_by("id")
    names = ("id", "at", "actor_id", "actor_pseudonym", "incident_id", "reason_digest")
    return [
        Look(entry, at, person, pseudonym, str(incident or ""), bytes(reason) if reason else None)
        for entry, at, person, pseudonym, incident, reason in values.values_list(*names)
    ]


def calls(incidents: Iterable[str]) -> Mapping[str, Call]:
    wanted = sorted({incident for incident in incidents if incident})
    rows = AuditEntry.objects.filter(incident_id__in=wanted, event__in=STORY).order_by("id")
    found: dict[str, Call] = {}
    for row in rows.only("id", "at", "event", "actor_kind", "actor_id", "actor_pseudonym", "incident_id", "facts"):
        incident = str(row.incident_id)
        found[incident] = _told(found.get(incident, UNKNOWN), row)
    return found


def ended_unverified(begin: datetime, end: datetime) -> Mapping[str, Call]:
    """Return the incidents that closed between two moments without ever having been verified, by their ids."""
    closed = AuditEntry.objects.filter(at__gte=begin, at__lt=end, event=Event.INCIDENT_CLOSED, outcome="done")
    found = calls(map(str, closed.values_list("incident_id", flat=True)))
    return {incident: call for incident, call in found.items() if call.lapsed or not call.is_verified}


def looks_for(incidents: Iterable[str]) -> list[Look]:
    wanted = sorted(incidents)
    rows = AuditEntry.objects.filter(incident_id__in=wanted, event__in=LOOKS, outcome="done").order_by("id")
    return [
        Look(row.pk, row.at, row.actor_id, row.actor_pseudonym, str(row.incident_id))
        for row in rows.only("id", "at", "actor_id", "actor_pseudonym", "incident_id")
    ]


def _told(call: Call, row: AuditEntry) -> Call:
    by_person = row.actor_kind == ActorKind.USER
    opens, verifies = row.event == Event.INCIDENT_OPENED, row.event == Event.INCIDENT_VERIFIED
    return Call(
        opened_at=row.at if opens else call.opened_at,
        opened_by=row.actor_id if opens and by_person else call.opened_by,
        opener=row.actor_pseudonym if opens and by_person else call.opener,
        is_known=call.is_known or ((opens or verifies) and not by_person),
        is_verified=call.is_verified or verifies or (opens and not by_person),
        lapsed=call.lapsed or row.facts.get("flag") == "unverified",
        entries=(*call.entries, row.pk),
    )
