from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import AGENCY_EVENTS, entries_of_incident
from fusus_portal.ground.accounts.models import User
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.states import RequestState
from registry.footage.models.files import Evidence
from registry.incidents.models.incidents import Incident

PAGE = 50
WHOLE = 5_000
"""Entries of a printed story at most."""

KINDS: dict[str, tuple[str, ...]] = {
    "incident": ("registry:incident:", "registry:dispatch:"),
    "people": (Event.INCIDENT_ASSIGNED, Event.INCIDENT_UNASSIGNED),
    "canvasses": ("registry:canvass:",),
    "replies": (Event.REQUEST_ANSWERED_FOOTAGE, Event.REQUEST_ANSWERED_NONE),
    "critical": ("integration:declaration:", "integration:break-glass:"),
    "evidence": ("registry:evidence:", "registry:file:", "registry:hold:"),
}
"""Filters of a story, and the beginning of their events."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the story. older: the last entry shown if there are more, else None."""

    entries: tuple[AuditEntry, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class StoryNames:
    """Names of people, numbers and canvasses of requests, and numbers of files in a part of the story, by id."""

    people: Mapping[str, str]
    requests: Mapping[str, tuple[str, UUID]]
    evidence: Mapping[str, str]


def stretch(incident: Incident, *, kind: str = "", before: int | None = None) -> Stretch:
    """Return a page of the story in one query, latest first, before the entry `before`. kind: of KINDS, "" for all."""
    entries = _told(incident).order_by("-id")
    if kind:
        entries = entries.filter(event__in=events_of(kind))
    if before is not None:
        entries = entries.filter(id__lt=before)
    found = list(entries[: PAGE + 1])
    shown = found[:PAGE]
    return Stretch(tuple(shown), shown[-1].pk if len(found) > PAGE else None)


def whole(incident: Incident) -> Stretch:
    found = list(_told(incident)[: WHOLE + 1])
    return Stretch(tuple(found[:WHOLE]), found[WHOLE - 1].pk if len(found) > WHOLE else None)


def events_of(kind: str) -> list[str]:
    """Return the events of one kind that the agency may read; people are a kind of their own."""
    own = [event for event in AGENCY_EVENTS if event.startswith(KINDS[kind])]
    return own if kind == "people" else [event for event in own if not event.startswith(KINDS["people"])]


def known_of(entries: Iterable[AuditEntry]) -> StoryNames:
    page = list(entries)
    people = {str(entry.facts["person"]) for entry in page if "person" in entry.facts}
    asked = _subjects(page, "request")
    files = _subjects(page, "evidence")
    return StoryNames(
        people={str(pk): name for pk, name in User.objects.filter(pk__in=people).values_list("pk", "name")},
        requests={
            str(pk): (number, canvass)
            for pk, number, canvass in FootageRequest.objects.filter(pk__in=asked).values_list(
                "pk", "number", "canvass_id"
            )
        },
        evidence={str(pk): number for pk, number in Evidence.objects.filter(pk__in=files).values_list("pk", "number")},
    )


def _told(incident: Incident) -> QuerySet[AuditEntry]:
    """Return the agency's entries (promise R4). Of "none" that became footage only the last answer counts."""
    given = FootageRequest.objects.filter(incident=incident, state=RequestState.FOOTAGE)
    ids = given.annotate(about=Cast("pk", CharField())).values("about")
    return entries_of_incident(str(incident.pk)).exclude(event=Event.REQUEST_ANSWERED_NONE, subject_id__in=ids)


def _subjects(entries: Iterable[AuditEntry], kind: str) -> set[str]:
    return {entry.subject_id for entry in entries if entry.subject_kind == kind}
