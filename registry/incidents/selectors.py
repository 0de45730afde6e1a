from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, TextChoices
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import AGENCY_EVENTS, entries_of_incident
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import find_or_refuse, why_not
from registry.canvasses.models import FootageRequest
from registry.canvasses.states import RequestState
from registry.footage.models import Evidence
from registry.incidents.models import (
    VERIFIED,
    Assignment,
    Correction,
    DispatchKey,
    DispatchRecord,
    Incident,
    IncidentSource,
    IncidentType,
    JoinQuestion,
)
from registry.incidents.policies.incidents import may_answer_if_seen
from registry.incidents.states import IncidentState, JoinState
from registry.limits.models import Limits
from registry.rules import CLOSING_TAKEN_BACK_WITHIN, JOIN_TOLD_FOR

FLAGGED_FOR = timedelta(days=30)
"""An incident that lapsed stays on the start page of auditors and supervisors this long."""

FLAGS_SHOWN = 10


class IncidentStanding(TextChoices):
    OPEN = "open", gettext_lazy("Open")
    UNVERIFIED = "unverified", gettext_lazy("Open, not verified")
    CLOSED = "closed", gettext_lazy("Closed")
    FLAGGED = "flagged", gettext_lazy("Closed because nobody verified it")


STANDING: dict[str, Q] = {
    "": Q(),
    IncidentStanding.OPEN: Q(state=IncidentState.OPEN),
    IncidentStanding.UNVERIFIED: Q(state=IncidentState.OPEN) & ~VERIFIED,
    IncidentStanding.CLOSED: Q(state=IncidentState.CLOSED),
    IncidentStanding.FLAGGED: Q(lapsed_at__isnull=False),
}


def search_incidents(by: User, *, number: str = "", standing: str = "", own: bool = False) -> QuerySet[Incident]:
    """Return incidents that this person may see, latest first. number: a part of it. own: only if assigned."""
    found = visible_to(by).filter(STANDING[standing])
    if own:
        found = found.filter(pk__in=Assignment.objects.filter(user=by).values("incident"))
    if number:
        found = found.filter(number__icontains=number.strip())
    return found


def flagged_incidents(by: User) -> QuerySet[Incident]:
    if by.role not in {Role.AUDITOR, Role.SUPERVISOR}:
        return Incident.objects.none()
    lately = timezone.now() - FLAGGED_FOR
    return (
        Incident.objects.filter(lapsed_at__gte=lately).select_related("type").order_by("-lapsed_at", "pk")[:FLAGS_SHOWN]
    )


def visible_to(by: User) -> QuerySet[Incident]:
    """Return all incidents for a supervisor, those assigned to a deputy, none for anybody else. Latest first."""
    incidents = Incident.objects.select_related("type", "opened_by", "verified_by").order_by("-opened_at", "pk")
    if by.role == Role.SUPERVISOR:
        return incidents
    if by.role == Role.DEPUTY:
        return incidents.filter(pk__in=Assignment.objects.filter(user=by).values("incident"))
    return incidents.none()


def incidents_of(by: User) -> QuerySet[Incident]:
    """Return the open incidents assigned to this person, latest first."""
    return search_incidents(by, standing=IncidentStanding.OPEN, own=True)


def unverified_incidents() -> QuerySet[Incident]:
    return Incident.objects.filter(~VERIFIED, state=IncidentState.OPEN)


def openers_without_room(by: User) -> list[tuple[User, list[Incident]]]:
    """Return the other people with as many open unverified incidents as the limits allow, and these incidents."""
    counted = unverified_incidents().exclude(opened_by=by).values("opened_by").annotate(number=Count("pk"))
    full = counted.filter(number__gte=Limits.current().unverified_incidents_open).values("opened_by")
    waiting = unverified_incidents().filter(opened_by__in=full, opened_by__is_active=True).select_related("opened_by")
    ordered = waiting.order_by("opened_by__pseudonym", "opened_at", "pk")
    return [(opener, list(own)) for opener, own in groupby(ordered, key=lambda incident: incident.opened_by)]


def assigned_among(pks: Iterable[UUID], by: User) -> set[UUID]:
    return set(Assignment.objects.filter(user=by, incident__in=list(pks)).values_list("incident", flat=True))


def incidents_to_verify(by: User) -> QuerySet[Incident]:
    """Return the open incidents that this supervisor may verify, oldest first: none that they opened or changed."""
    waiting = visible_to(by).filter(~VERIFIED, state=IncidentState.OPEN)
    if by.role != Role.SUPERVISOR:
        return waiting.none()
    changed = Incident.history.filter(id=OuterRef("pk"), changed_by=by)
    others = waiting.exclude(opened_by=by).exclude(pk__in=uncorrected().values("incident"))
    return others.filter(~Exists(changed)).order_by("opened_at", "pk")


def uncorrected() -> QuerySet[Correction]:
    """Return the corrections that are waited for: of open incidents that nobody has verified since."""
    waiting = Correction.objects.filter(made_at__isnull=True, incident__in=unverified_incidents())
    return waiting.select_related("incident__type", "asked_by").order_by("asked_at", "pk")


def corrections_to_make(by: User) -> QuerySet[Correction]:
    return uncorrected().filter(incident__in=incidents_of(by).order_by())


def latest_corrections(shown: Iterable[Incident]) -> dict[UUID, Correction]:
    rows = Correction.objects.filter(incident__in=list(shown)).select_related("asked_by", "made_by")
    return {each.incident_id: each for each in rows.order_by("asked_at", "pk")}


def incidents_to_be_verified(by: User) -> QuerySet[Incident]:
    own = incidents_of(by).filter(~VERIFIED).exclude(pk__in=uncorrected().values("incident"))
    return own.exclude(pk__in=incidents_to_verify(by).order_by().values("pk")).order_by("opened_at", "pk")


def incidents_closed_by(by: User) -> QuerySet[Incident]:
    lately = timezone.now() - CLOSING_TAKEN_BACK_WITHIN
    closed = visible_to(by).filter(state=IncidentState.CLOSED, settled_at__isnull=True)
    return closed.filter(closed_by=by, closed_at__gt=lately).order_by("closed_at", "pk")


def incident(by: User, pk: UUID) -> Incident:
    """Return an incident that this person may see. Raises NotYours."""
    return find_or_refuse(visible_to(by).filter(pk=pk), _("There is no such incident."), subject=("incident", str(pk)))


def sees_incident(by: User, pk: UUID) -> bool:
    return visible_to(by).filter(pk=pk).exists()


def incident_by_number(by: User, number: str) -> Incident | None:
    """Return the incident of a typed number if this person may see it, or None."""
    return visible_to(by).filter(number=number.strip().upper()).first()


def people_on(incident: Incident) -> QuerySet[User]:
    return User.objects.filter(assignments__incident=incident).order_by("pseudonym")


def person_on(incident: Incident, pk: UUID) -> User:
    """Return a person assigned to an incident. Raises NotYours."""
    found = people_on(incident).filter(pk=pk)
    return find_or_refuse(found, _("There is no such person on this incident."), subject=incident.subject)


def assignable(incident: Incident) -> QuerySet[User]:
    working = User.objects.filter(role__in=[Role.DEPUTY, Role.SUPERVISOR], is_active=True)
    return working.exclude(assignments__incident=incident).order_by("name", "pseudonym")


SHOWN_WAITING = 20


def dispatch_keys() -> QuerySet[DispatchKey]:
    """Return all keys of dispatch: those in use or proposed, then retired ones, latest first."""
    people = ("proposed_by", "approved_by", "retired_by")
    return DispatchKey.objects.select_related(*people).order_by("-retired_at", "-proposed_at")


def dispatch_key(pk: UUID) -> DispatchKey:
    """Return a key of dispatch. Raises NotYours."""
    found = DispatchKey.objects.filter(pk=pk)
    return find_or_refuse(found, _("There is no such key."), subject=("dispatch-key", str(pk)))


def proposed_keys() -> QuerySet[DispatchKey]:
    return DispatchKey.objects.filter(approved_at__isnull=True, retired_at__isnull=True).order_by("proposed_at", "pk")


def types_by_code() -> QuerySet[IncidentType]:
    return IncidentType.objects.filter(retired_at__isnull=True).order_by("code")


def dispatch_record_of(incident: Incident) -> DispatchRecord:
    """Return the report of dispatch about an incident. Raises NotYours without one."""
    found = DispatchRecord.objects.select_related("incident__type").filter(incident=incident)
    return find_or_refuse(found, _("Dispatch has said nothing of this incident."), subject=incident.subject)


def unsettled_differences() -> QuerySet[DispatchRecord]:
    rows = DispatchRecord.objects.filter(differs_at__isnull=False, settled_at__isnull=True)
    return rows.select_related("incident__type", "incident__opened_by").order_by("differs_at")


def differences_to_settle(by: User) -> QuerySet[DispatchRecord]:
    return unsettled_differences()[:SHOWN_WAITING] if by.role == Role.SUPERVISOR else DispatchRecord.objects.none()


def incidents_with_nobody() -> QuerySet[Incident]:
    rows = Incident.objects.filter(source=IncidentSource.DISPATCH, state=IncidentState.OPEN, assignments__isnull=True)
    return rows.select_related("type").order_by("opened_at")


def incidents_without_people(by: User) -> QuerySet[Incident]:
    return incidents_with_nobody()[:SHOWN_WAITING] if by.role == Role.SUPERVISOR else Incident.objects.none()


STORY_PAGE = 50
LONGEST_STORY = 5_000
"""Entries of a printed timeline at most."""

STORY_KINDS: dict[str, tuple[str, ...]] = {
    "incident": ("registry:incident:", "registry:dispatch:"),
    "people": (Event.INCIDENT_ASSIGNED, Event.INCIDENT_UNASSIGNED),
    "canvasses": ("registry:canvass:",),
    "replies": (Event.REQUEST_ANSWERED_FOOTAGE, Event.REQUEST_ANSWERED_NONE),
    "critical": ("integration:declaration:", "integration:break-glass:"),
    "evidence": ("registry:evidence:", "registry:file:", "registry:hold:"),
}
"""Filters of a timeline, each with the beginnings of its events' names."""


class StoryStretch(NamedTuple):
    """A part of an incident's timeline. older: id of the last entry shown if there are more, else None."""

    entries: tuple[AuditEntry, ...]
    older: int | None


class StoryNames(NamedTuple):
    """Names for entries of a timeline, by id: of people, of requests with their canvasses, and of files."""

    people: Mapping[str, str]
    requests: Mapping[str, tuple[str, UUID]]
    evidence: Mapping[str, str]


def story_stretch(incident: Incident, *, kind: str = "", before: int | None = None) -> StoryStretch:
    """Return a page of the timeline in one query, latest first, before the entry `before`. kind: a filter, or ""."""
    entries = _story_entries(incident).order_by("-id")
    if kind:
        entries = entries.filter(event__in=story_events(kind))
    if before is not None:
        entries = entries.filter(id__lt=before)
    return _stretch(entries, STORY_PAGE)


def whole_story(incident: Incident) -> StoryStretch:
    return _stretch(_story_entries(incident), LONGEST_STORY)


def _stretch(entries: QuerySet[AuditEntry], most: int) -> StoryStretch:
    found = list(entries[: most + 1])
    return StoryStretch(tuple(found[:most]), found[most - 1].pk if len(found) > most else None)


def story_events(kind: str) -> list[str]:
    """Return the events of one filter that the agency may read; people have a filter of their own."""
    own = [event for event in AGENCY_EVENTS if event.startswith(STORY_KINDS[kind])]
    return own if kind == "people" else [event for event in own if not event.startswith(STORY_KINDS["people"])]


def story_names(entries: Iterable[AuditEntry]) -> StoryNames:
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


def _story_entries(incident: Incident) -> QuerySet[AuditEntry]:
    """Return an incident's entries for the agency (promise R4). "No footage" is left out once footage was given."""
    given = FootageRequest.objects.filter(incident=incident, state=RequestState.FOOTAGE)
    ids = given.annotate(about=Cast("pk", CharField())).values("about")
    return entries_of_incident(str(incident.pk)).exclude(event=Event.REQUEST_ANSWERED_NONE, subject_id__in=ids)


def _subjects(entries: Iterable[AuditEntry], kind: str) -> set[str]:
    return {entry.subject_id for entry in entries if entry.subject_kind == kind}


LATEST_CHANGES = 20


def choosable_types(*, own: IncidentType | None = None) -> QuerySet[IncidentType]:
    """Return the types to choose from: crimes, then emergencies. own: the incident's present type, even if retired."""
    listed_now = Q(retired_at__isnull=True) | Q(pk=own.pk if own else None)
    return IncidentType.objects.filter(listed_now).order_by("emergency", "name")


def listed_types() -> QuerySet[Any]:
    """Return all incident types with `number`, how many incidents have each, retired types last."""
    types = IncidentType.objects.select_related("retention").annotate(number=Count("incidents"))
    return types.order_by(F("retired_at").asc(nulls_first=True), "emergency", "name")


def incident_type(pk: UUID) -> IncidentType:
    """Return an incident type. Raises NotYours."""
    found = IncidentType.objects.select_related("retention").filter(pk=pk)
    return find_or_refuse(found, _("There is no such type."), subject=("incident-type", str(pk)))


def history_of_type(incident_type: IncidentType) -> Any:
    past = incident_type.history.select_related("history_user", "retention")
    return past.order_by("-history_date")[:LATEST_CHANGES]


def type_labels(codes: Iterable[str]) -> dict[str, str]:
    """Return the labels of incident types by code, in the language of the page; retired types too."""
    return {found.code: found.label for found in IncidentType.objects.filter(code__in=list(codes))}


def incident_numbered(number: str) -> Incident | None:
    """Return the incident of a number, visible to the person or not: only to store it with a question to join."""
    return Incident.objects.select_related("type").filter(number=number).first()


def own_questions(by: User) -> QuerySet[JoinQuestion]:
    """Return a person's questions to join whose time is not over, without admitted ones, the latest first.

    Questions about no incident, about a closed one, declined or not answered are among them and look alike.
    """
    rows = JoinQuestion.objects.filter(asked_by=by, ends_at__gt=timezone.now())
    return rows.exclude(state=JoinState.ADMITTED).order_by("-asked_at", "pk")


def own_admitted_questions(by: User) -> QuerySet[JoinQuestion]:
    rows = JoinQuestion.objects.filter(asked_by=by, state=JoinState.ADMITTED, incident__in=incidents_of(by))
    lately = rows.filter(answered_at__gt=timezone.now() - JOIN_TOLD_FOR)
    return lately.select_related("incident__type", "incident__opened_by").order_by("-answered_at", "pk")


def questions_to_answer(by: User) -> list[JoinQuestion]:
    """Return the questions to join that this person is asked to answer, the oldest first.

    They are about incidents that the person sees, and the person may answer them. While somebody works on a verified
    incident, other supervisors may answer on its page, but are not asked (docs/decisions/registry/joining.md).
    """
    people = Assignment.objects.filter(incident=OuterRef("incident"), user__is_active=True)
    verified = Q(incident__verified_at__isnull=False) | Q(incident__confirmed_at__isnull=False)
    asked = Q(Exists(people.filter(user=by))) | ~Exists(people) | ~verified
    rows = questions_waiting().filter(asked, incident__in=visible_to(by).order_by())
    found = ((each, each.incident) for each in rows)
    return [each for each, of in found if of is not None and not why_not(may_answer_if_seen, by, each, of)]


def join_question(incident: Incident, pk: UUID) -> JoinQuestion:
    """Return a question to join an incident. Raises NotYours."""
    rows = JoinQuestion.objects.filter(incident=incident, pk=pk)
    return find_or_refuse(rows, _("There is no such question."), subject=("join", str(pk)))


def questions_waiting() -> QuerySet[JoinQuestion]:
    on_it = Assignment.objects.filter(incident=OuterRef("incident"), user=OuterRef("asked_by"))
    rows = JoinQuestion.objects.filter(
        ~Exists(on_it),
        state=JoinState.ASKED,
        ends_at__gt=timezone.now(),
        incident__state=IncidentState.OPEN,
        asked_by__is_active=True,
    )
    people = ("asked_by", "incident__type", "incident__opened_by")
    return rows.select_related(*people).order_by("asked_at", "pk")
