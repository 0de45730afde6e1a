from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import OWNER_EVENTS, entries_of_cameras
from registry.access_log.selectors.delays import Withheld
from registry.incidents.models.incidents import Incident
from registry.people.models import Registrant
from registry.places.models import Camera


class LookKind(TextChoices):
    FOUND = "found", _("Searches that found a camera")
    SHOWN = "shown", _("Times a deputy saw a camera and its address")
    ASKED = "asked", _("Requests for footage")
    PLAYED = "played", _("Footage that was played")
    DOWNLOADED = "downloaded", _("Footage that was downloaded")
    VIEWED = "viewed", _("Live views")
    REFUSED = "refused", _("Views that your pause or rule refused")
    NAMED = "named", _("Times somebody saw your name or address")
    DELAYED = "delayed", _("Delays by a supervisor")
    LATER = "later", _("Entries that open later")
    OTHER = "other", _("Everything else")


EVENTS_OF: Final = {
    LookKind.FOUND: (Event.CAMERA_FOUND,),
    LookKind.SHOWN: (Event.CAMERA_SHOWN,),
    LookKind.ASKED: (Event.CAMERA_ASKED,),
    LookKind.PLAYED: (Event.EVIDENCE_VIEWED,),
    LookKind.DOWNLOADED: (Event.EVIDENCE_DOWNLOADED,),
    LookKind.VIEWED: (
        Event.VIEW_OFFERED,
        Event.VIEW_STARTED,
        Event.VIEW_EXTENDED,
        Event.VIEW_WATCHED,
        Event.VIEW_ENDED,
    ),
    LookKind.REFUSED: (Event.VIEW_REFUSED,),
    LookKind.NAMED: (Event.OWNER_SEEN,),
    LookKind.DELAYED: (Event.LOOKS_DELAYED, Event.LOOKS_DELAY_RENEWED, Event.LOOKS_DELAY_ENDED),
}
NAMED: Final = frozenset(event for events in EVENTS_OF.values() for event in events)
LOOKED: Final = tuple(event.value for event in (*NAMED, Event.PREMISES_READ, Event.CAMERA_EXPORTED, Event.CLIP_ASKED))
"""Acts of the agency that show a camera, its address or its footage, or whose it is."""


@dataclass(frozen=True, slots=True)
class LookQuery:
    """Entries from `since` to before `until` that an owner asks for. registrant: with those about their name."""

    cameras: Sequence[Camera]
    registrant: Registrant | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    number: str
    offence: str


def entries_about(cameras: Iterable[Camera], registrant: Registrant | None = None) -> QuerySet[AuditEntry]:
    """Return the entries that an owner may read of these cameras, and of their name and address, newest first (B1)."""
    own = [registrant] if registrant else []
    return entries_of_cameras(str(each.pk) for each in (*own, *cameras))


def entries_of_others(cameras: Iterable[Camera], *, registrant: Registrant, withheld: Withheld) -> QuerySet[AuditEntry]:
    """Return looks of anyone but the owner, newest first, with withheld entries: their kind is withheld too."""
    looked = entries_about(cameras, registrant).filter(withheld.entries | Q(event__in=LOOKED))
    return looked.exclude(actor_kind=ActorKind.LINK.value).exclude(actor_id=str(registrant.user_id))


def entries_wanted(wanted: LookQuery, withheld: Withheld) -> QuerySet[AuditEntry]:
    """Return the entries of a query, newest first.

    The kind of a withheld entry is withheld too: only a list of all kinds, or of those that open later, includes it.
    """
    entries = entries_about(wanted.cameras, wanted.registrant)
    if wanted.since:
        entries = entries.filter(at__gte=wanted.since)
    if wanted.until:
        entries = entries.filter(at__lt=wanted.until)
    if wanted.kind == LookKind.LATER:
        return entries.filter(withheld.entries)
    if wanted.kind:
        entries = entries.exclude(withheld.entries).filter(event__in=_events(LookKind(wanted.kind)))
    return entries


def older_than(entries: QuerySet[AuditEntry], *, camera: str, number: int) -> QuerySet[AuditEntry]:
    """Return the entries before a camera's entry of this number. An entry's own id would reveal how busy the log is."""
    found = AuditEntry.objects.filter(camera_id=camera, camera_number=number).values_list("id", flat=True).first()
    return entries.filter(id__lt=found) if found else entries.none()


def incident_facts(entries: Iterable[AuditEntry]) -> Mapping[str, IncidentFacts]:
    ids = {entry.incident_id for entry in entries if entry.incident_id}
    incidents = Incident.objects.filter(pk__in=ids).select_related("type")
    return {str(found.pk): IncidentFacts(found.number, found.type.label) for found in incidents}


def _events(kind: LookKind) -> list[str]:
    if kind == LookKind.OTHER:
        return [event for event in OWNER_EVENTS if event not in NAMED]
    return [event.value for event in EVENTS_OF[kind]]
