from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Case, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry

OWNER_EVENTS = tuple(event.value for event in Event if event.owner)
AGENCY_EVENTS = tuple(event.value for event in Event if event.agency)
FOLDED = frozenset({Event.CAMERA_SHOWN})
"""Events whose repeats within an hour become one entry (`audit.log.sightings`): no playing, downloading, live view."""

TIMES = Case(
    When(event__in=sorted(FOLDED), facts__has_key="count", then=Cast(KT("facts__count"), IntegerField())),
    default=Value(1),
)
"""Number of acts that an entry records."""


def entries_of_cameras(camera_ids: Iterable[str]) -> QuerySet[AuditEntry]:
    """Return entries of these cameras that owners may read, newest first. An owner's id: looks at name and address."""
    return AuditEntry.objects.filter(camera_id__in=list(camera_ids), event__in=OWNER_EVENTS).order_by("-id")


def entries_of_incident(incident_id: str) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(incident_id=incident_id, event__in=AGENCY_EVENTS).order_by("id")


def entries_of_subject(subject: Subject) -> QuerySet[AuditEntry]:
    """Return the entries about one subject that people who work on its incident may read, oldest first."""
    entries = AuditEntry.objects.filter(subject_kind=subject.kind, subject_id=subject.id, event__in=AGENCY_EVENTS)
    return entries.order_by("id")


def entries_about(subjects: Iterable[Subject], events: Iterable[Event]) -> QuerySet[AuditEntry]:
    """Return the entries of these events about these subjects, which are of one kind, oldest first."""
    wanted = list(subjects)
    kinds, ids = {subject.kind for subject in wanted}, [subject.id for subject in wanted]
    entries = AuditEntry.objects.filter(subject_kind__in=kinds, subject_id__in=ids, event__in=list(events))
    return entries.order_by("id")


def _about(subject: Subject, event: Event) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(subject_kind=subject.kind, subject_id=subject.id, event=event.value)


def was_recorded(*, event: Event, actor: Actor, subject: Subject, since: datetime, camera: str | None = None) -> bool:
    """True if the log has this event, by this actor, about this subject, since a moment. camera: None for any."""
    entries = _about(subject, event) if camera is None else _about(subject, event).filter(camera_id=camera)
    return entries.filter(actor_kind=actor.kind.value, actor_id=actor.id, at__gte=since).exists()


def has_refused(event: Event, *, subject: Subject, facts: Mapping[str, int | str]) -> bool:
    return _about(subject, event).filter(outcome="refused", facts__contains=dict(facts)).exists()


def entry_of(event: Event, subject: Subject) -> int | None:
    """Return the id of the first entry of an act that was done about a subject."""
    return _about(subject, event).filter(outcome="done").values_list("id", flat=True).first()


def by_actor(identity: str) -> Q:
    """Return the condition on an actor's id in the order of its index: first a hash of 4 bytes, then the id."""
    hashed = Exact(Func("actor_id", function="hashtext"), Func(Value(identity), function="hashtext"))
    return Q(hashed, actor_id=identity)


def reasons_of(entries: Iterable[AuditEntry]) -> Mapping[bytes, str]:
    digests = {bytes(entry.reason_digest) for entry in entries if entry.reason_digest}
    details = AuditDetail.objects.filter(digest__in=digests).values_list("digest", "text")
    return {bytes(digest): text for digest, text in details}


def details_of(entries: Iterable[AuditEntry]) -> dict[bytes, AuditDetail]:
    """Return the texts that entries name, keyed by digest. Expired texts are missing."""
    kinds = [f"{kind}_digest" for kind in AuditDetail.Kind]
    digests = {bytes(digest) for entry in entries for kind in kinds if (digest := getattr(entry, kind))}
    return {bytes(detail.digest): detail for detail in AuditDetail.objects.filter(digest__in=digests)}


def has_acted_on_camera(event: Event, *, actor: Actor, camera: str, incident: str) -> bool:
    found = AuditEntry.objects.filter(camera_id=camera, incident_id=incident, event=event.value)
    return found.filter(actor_kind=actor.kind.value, actor_id=actor.id, outcome="done").exists()


def cameras_of_actor(event: Event, *, actor: Actor, incident: str, since: datetime) -> set[str]:
    found = AuditEntry.objects.filter(incident_id=incident, event=event.value, at__gte=since, outcome="done")
    return set(found.filter(actor_kind=actor.kind.value, actor_id=actor.id).values_list("camera_id", flat=True))


def cameras_in(incident: str, *, among: Iterable[str]) -> set[str]:
    found = AuditEntry.objects.filter(camera_id__in=list(among), incident_id=incident)
    return set(found.values_list("camera_id", flat=True).distinct())
