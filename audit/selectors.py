"""Reading the ledger."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Func, Q, QuerySet, Value
from django.db.models.lookups import Exact

from audit.actors import Actor, Subject
from audit.events import EVENTS, Event
from audit.models import AuditDetail, AuditEntry

OWNER_EVENTS = tuple(event.value for event, kind in EVENTS.items() if kind.owner)
AGENCY_EVENTS = tuple(event.value for event, kind in EVENTS.items() if kind.agency)


def entries_of_cameras(camera_ids: Iterable[str]) -> QuerySet[AuditEntry]:
    """Return what an owner may read of these cameras, newest first."""
    return AuditEntry.objects.filter(camera_id__in=list(camera_ids), event__in=OWNER_EVENTS).order_by("-id")


def entries_of_incident(incident_id: str) -> QuerySet[AuditEntry]:
    """Return what those who work on an incident may read of it, oldest first."""
    return AuditEntry.objects.filter(incident_id=incident_id, event__in=AGENCY_EVENTS).order_by("id")


def entries_of_subject(subject: Subject) -> QuerySet[AuditEntry]:
    """Return what those who work on an incident may read of one thing in it, oldest first."""
    entries = AuditEntry.objects.filter(subject_kind=subject.kind, subject_id=subject.id, event__in=AGENCY_EVENTS)
    return entries.order_by("id")


def was_recorded(*, event: Event, actor: Actor, subject: Subject, since: datetime) -> bool:
    """Return whether the actor has done this to this subject since a moment."""
    entries = AuditEntry.objects.filter(subject_kind=subject.kind, subject_id=subject.id, event=event.value)
    return entries.filter(actor_kind=actor.kind.value, actor_id=actor.id, at__gte=since).exists()


def by_actor(identity: str) -> Q:
    """Return the condition of what somebody did, in the form that its index answers: by a hash of 4 bytes first."""
    hashed = Exact(Func("actor_id", function="hashtext"), Func(Value(identity), function="hashtext"))
    return Q(hashed, actor_id=identity)


def reasons_of(entries: Iterable[AuditEntry]) -> Mapping[bytes, str]:
    """Return the typed reasons that these entries name, by digest; an expired one is absent."""
    digests = {bytes(entry.reason_digest) for entry in entries if entry.reason_digest}
    details = AuditDetail.objects.filter(digest__in=digests).values_list("digest", "text")
    return {bytes(digest): text for digest, text in details}


def has_acted_on_camera(event: Event, *, actor: Actor, camera: str, incident: str) -> bool:
    """Tell whether somebody did this to a camera for an incident."""
    found = AuditEntry.objects.filter(camera_id=camera, incident_id=incident, event=event.value)
    return found.filter(actor_kind=actor.kind.value, actor_id=actor.id, outcome="done").exists()


def cameras_in(incident: str, *, among: Iterable[str]) -> set[str]:
    """Return those of these cameras that the log of an incident names."""
    found = AuditEntry.objects.filter(camera_id__in=list(among), incident_id=incident)
    return set(found.values_list("camera_id", flat=True).distinct())
