from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency.selectors import shown
from fusus_portal.ground.geo.points import FINDABLE, Area, Point
from fusus_portal.ground.geo.search import inside
from fusus_portal.ground.lifecycle import Stale, find_or_refuse
from fusus_portal.ground.pages import times
from registry.canvasses.models import (
    Approval,
    Canvass,
    CanvassPurpose,
    FootageRequest,
    LeftOut,
    ReplySeen,
    SearchBound,
    UnverifiedSearch,
    UnverifiedSight,
)
from registry.canvasses.policies import Seen
from registry.canvasses.states import BEFORE_SENDING, ONCE_SENT, TOLD, WITHOUT_FOOTAGE, CanvassState, RequestState
from registry.incidents import hooks, selectors as incidents
from registry.incidents.models import VERIFIED, Assignment, Incident
from registry.incidents.states import IncidentState
from registry.limits.models import Limits
from registry.places.camera_fields import DESCRIBED
from registry.places.models import ADDRESS, Camera, Premises
from registry.places.selectors import confirmed
from registry.registrants.models import Registrant
from registry.rules import UNVERIFIED_DAY, UNVERIFIED_WEEK


def waits_for_owner(now: datetime) -> Q:
    """Return the condition on requests that wait for their owner's answer, for pages, counts and reminders alike.

    A clip that a rule gave is an answer while it is on its way, or has arrived (`hooks.answered_without_owner`).
    """
    return _open(now) & ~hooks.answered_without_owner()


def answered_for_owner(now: datetime) -> Q:
    """Return the condition on open requests that ask their owner for nothing, since a rule for clips answered them."""
    return _open(now) & hooks.answered_without_owner()


def _open(now: datetime) -> Q:
    return Q(state=RequestState.SENT, expires_at__gt=now, incident__settled_at__isnull=True)


def waits_for_owner_besides(registrant: Registrant, now: datetime) -> Q:
    """Return the condition on an owner's answered requests for which something else, such as a clip, still waits."""
    answered = registrant.requests.filter(~Q(state=RequestState.SENT), expires_at__gt=now)
    others = hooks.others_among(list(answered.values_list("pk", flat=True)))
    return Q(pk__in=[request for request, each in others.items() if each.waits])


def turned_down_after(moment: F | Case) -> Q:
    """Return the condition on rows with a request whose owner answered without footage after a moment of the row.

    As `FootageRequest.last_turned_down_at`.
    """
    is_so = Q(request__state__in=WITHOUT_FOOTAGE)
    return (is_so & Q(request__replied_at__gt=moment)) | (~is_so & Q(request__turned_down_at__gt=moment))


def requests_to_owner(registrant: Registrant) -> QuerySet[Any]:
    """Return every request to a registrant, waiting ones first, each with `waits` and the number of `files` given."""
    now = timezone.now()
    still = waits_for_owner(now) | waits_for_owner_besides(registrant, now)
    waits = FootageRequest.objects.filter(still, pk=OuterRef("pk"))
    requests = registrant.requests.select_related("incident__type", "canvass__sent_by", "canvass__created_by")
    counted = requests.annotate(waits=Exists(waits), files=Count("evidence"))
    return counted.order_by("-waits", "-sent_at", "pk")


def waiting_about(premises: Premises) -> int:
    asked = premises.registrant.requests.filter(cameras__camera__premises=premises)
    return asked.filter(waits_for_owner(timezone.now())).distinct().count()


def requests_to_answer(registrant: Registrant) -> QuerySet[FootageRequest]:
    """Return the requests that `requests_to_owner` says wait."""
    now = timezone.now()
    waiting = registrant.requests.filter(waits_for_owner(now) | waits_for_owner_besides(registrant, now))
    return waiting.select_related("canvass__sent_by", "canvass__purpose", "incident__type").order_by("expires_at")


def request(by: User, pk: UUID) -> FootageRequest:
    """Return a footage request to this owner. Raises NotYours."""
    own = FootageRequest.objects.filter(pk=pk, registrant__user=by)
    found = own.select_related("canvass__sent_by", "canvass__purpose", "incident__type", "registrant__user")
    return find_or_refuse(found, _("There is no such request."), subject=("request", str(pk)))


def caller(deputy: User) -> dict[str, object]:
    """Return badge and call-back number of the deputy who asks, as owners read them."""
    return {"deputy": deputy.badge, "call_back_number": deputy.call_back_number or shown().phone}


NUMBER_ASKED = Count("requests")

NUMBER_REPLIED = Count("requests", filter=Q(requests__state__in=TOLD))


@dataclass(frozen=True, slots=True)
class Reply:
    request: UUID
    number: str
    has_footage: bool
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Answers to a canvass. rest: owners who declined, did not answer, or ran out of time; they look alike.

    until: when the time to answer ends, for all of them alike; None for a canvass that asked nobody.
    """

    sent: int
    replies: tuple[Reply, ...]
    rest: int
    until: datetime | None


def follow_up(canvass: Canvass) -> FollowUp:
    return follow_ups([canvass])[canvass.pk]


def follow_ups(canvasses: Sequence[Canvass]) -> dict[UUID, FollowUp]:
    """Return the answers to each of these canvasses, by its id, in two queries."""
    requests = FootageRequest.objects.filter(canvass__in=canvasses)
    asked = requests.values("canvass").annotate(number=Count("pk"), until=Max("expires_at")).order_by()
    counts = {row["canvass"]: (row["number"], row["until"]) for row in asked}
    replies: dict[UUID, list[Reply]] = {canvass.pk: [] for canvass in canvasses}
    told = requests.filter(state__in=TOLD).order_by("-replied_at", "pk")
    for of, pk, number, state, replied_at in told.values_list("canvass", "pk", "number", "state", "replied_at"):
        if replied_at is not None:
            replies[of].append(Reply(pk, number, state == RequestState.FOOTAGE, replied_at))
    answers = {}
    for of, found in replies.items():
        number, until = counts.get(of, (0, None))
        answers[of] = FollowUp(number, tuple(found), number - len(found), until)
    return answers


def sent_for(incident: Incident) -> QuerySet[Canvass]:
    """Return an incident's sent canvasses, closed ones too, latest first."""
    sent = Canvass.objects.filter(incident=incident, sent_at__isnull=False)
    return sent.select_related("sent_by", "created_by").order_by("-sent_at", "pk")


def canvasses_of_incident(incident: Incident) -> QuerySet[Any]:
    counted = Canvass.objects.filter(incident=incident).annotate(asked=NUMBER_ASKED, replied=NUMBER_REPLIED)
    return counted.select_related("sent_by", "created_by").order_by("-created_at", "pk")


def asked_by_name(incident: Incident, area: Area) -> tuple[int, int]:
    """Return how many owners of one camera in a circle were asked without a search, and how many replied (R4)."""
    found = [
        each
        for each in canvasses_of_incident(incident).filter(by_name=True)
        if area.center.distance_m(each.center) <= area.radius_m
    ]
    return sum(each.asked for each in found), sum(each.replied for each in found)


def canvasses_of_incidents(shown: Iterable[Incident]) -> QuerySet[Canvass]:
    return Canvass.objects.filter(incident__in=list(shown)).order_by("-created_at", "pk")


def not_over_counts(incident: Incident) -> tuple[int, int]:
    """Return what closing an incident would end: owners without an answer that deputies see, and unsent canvasses."""
    requests = FootageRequest.objects.filter(incident=incident, canvass__state=CanvassState.SENT)
    prepared = Canvass.objects.filter(incident=incident, state__in=BEFORE_SENDING)
    return requests.exclude(state__in=TOLD).count(), prepared.count()


def canvass(by: User, pk: UUID) -> Canvass:
    """Return a canvass of an incident that this person may see. Raises NotYours."""
    visible = incidents.visible_to(by)
    found = Canvass.objects.select_related("incident__type", "created_by", "sent_by", "purpose").filter(
        pk=pk, incident__in=visible
    )
    return find_or_refuse(found, _("There is no such canvass."), subject=("canvass", str(pk)))


def current_approval(canvass: Canvass) -> Approval | None:
    asked = Approval.objects.filter(canvass=canvass, voided_at__isnull=True)
    return asked.select_related("asked_by", "decided_by").first()


def open_approval(canvass: Canvass) -> Approval:
    """Return the approval of a canvass that waits for a supervisor. Raises Stale if none does."""
    approval = current_approval(canvass)
    if approval is None or canvass.state != CanvassState.WAITING:
        raise Stale(_("Nothing about this canvass waits for approval."), subject=canvass.subject)
    return approval


def canvasses_waiting() -> QuerySet[Canvass]:
    rows = Canvass.objects.filter(state=CanvassState.WAITING, incident__state=IncidentState.OPEN)
    return rows.select_related("incident", "created_by").order_by("created_at", "pk")


def canvasses_to_decide(by: User) -> QuerySet[Canvass]:
    if by.role != Role.SUPERVISOR:
        return canvasses_waiting().none()
    own = Approval.objects.filter(canvass=OuterRef("pk"), voided_at__isnull=True, asked_by=by)
    return canvasses_waiting().exclude(created_by=by).filter(~Exists(own))


def canvasses_decided(by: User) -> QuerySet[Canvass]:
    """Return the decided canvasses whose approval this person asked for, of open incidents."""
    asked = Approval.objects.filter(canvass=OuterRef("pk"), voided_at__isnull=True, asked_by=by)
    states = [CanvassState.APPROVED, CanvassState.DENIED]
    found = Canvass.objects.filter(
        Exists(asked), state__in=states, incident__in=incidents.incidents_of(by).values("pk")
    )
    return found.select_related("incident").order_by("created_at", "pk")


def approvers_of(approval: Approval) -> list[User]:
    """Return the supervisors to write to: those on the incident, or else all, but not its asker or preparer."""
    canvass = approval.canvass
    supervisors = User.objects.filter(role=Role.SUPERVISOR, is_active=True)
    others = supervisors.exclude(pk__in=[approval.asked_by_id, canvass.created_by_id]).order_by("pk")
    assigned: list[UUID] = list(Assignment.objects.filter(incident=canvass.incident).values_list("user_id", flat=True))
    return list(others.filter(pk__in=assigned)) or list(others)


def listed_purposes() -> QuerySet[CanvassPurpose]:
    return CanvassPurpose.objects.filter(retired_at__isnull=True).order_by("name")


def all_purposes() -> QuerySet[CanvassPurpose]:
    return CanvassPurpose.objects.order_by(F("retired_at").asc(nulls_first=True), "name")


def purpose(pk: UUID) -> CanvassPurpose:
    """Return a purpose of canvasses. Raises NotYours."""
    found = CanvassPurpose.objects.filter(pk=pk)
    return find_or_refuse(found, _("There is no such purpose."), subject=("purpose", str(pk)))


def replies_new_to(by: User, *, since: datetime | None = None) -> QuerySet[FootageRequest]:
    """Return the requests whose reply is new to a person. since: replies that they first saw later are still new."""
    seen = ReplySeen.objects.filter(request=OuterRef("pk"), person=by, replied_at=OuterRef("replied_at"))
    earlier = seen if since is None else seen.filter(seen_at__lte=since)
    return FootageRequest.objects.filter(~Exists(earlier), state__in=TOLD)


def new_replies_to(canvass: Canvass, by: User, *, since: datetime | None) -> set[UUID]:
    return set(replies_new_to(by, since=since).filter(canvass=canvass).values_list("pk", flat=True))


def last_look_at_replies(canvass: Canvass, by: User) -> datetime:
    """Return when a person last saw a new reply to this canvass; `times.NEVER` if not once."""
    seen = ReplySeen.objects.filter(request__canvass=canvass, person=by)
    return seen.aggregate(last=Max("seen_at"))["last"] or times.NEVER


def new_replies_of(incident: Incident, by: User) -> int:
    return replies_new_to(by).filter(incident=incident).count()


def incidents_with_replies(by: User) -> dict[Incident, list[FootageRequest]]:
    """Return the open incidents with new replies to this person's canvasses, and these, the latest canvass first."""
    own = replies_new_to(by).filter(
        canvass__sent_by=by, canvass__state__in=ONCE_SENT, incident__in=incidents.incidents_of(by)
    )
    found: dict[Incident, list[FootageRequest]] = {}
    # An incident has many replies: it, its type and its canvass are read once.
    for request in own.prefetch_related("incident__type", "canvass").order_by("-canvass__sent_at", "pk"):
        found.setdefault(request.incident, []).append(request)
    return found


SEARCHED_FIELDS = tuple(field.name for field in DESCRIBED if field.is_searched)
CAMERA_COLUMNS = ("premises", *SEARCHED_FIELDS)
PLACE_COLUMNS = (*ADDRESS, "latitude", "longitude")
PREMISES_COLUMNS = ("registrant", "kind", *PLACE_COLUMNS)
"""Columns that a canvass reads of a place, as `CAMERA_COLUMNS` of each camera there."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Ids and point of a canvass's camera, to count and sort it. owner: the registrant. The rest as in `Candidate`."""

    camera: UUID
    owner: UUID
    point: Point
    asked_before: bool = False
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A camera in a canvass's area. asked_before: its owner was asked for this incident. left_out: why, or ""."""

    camera: Camera
    asked_before: bool
    left_out: str

    @property
    def owner(self) -> UUID:
        return self.camera.premises.registrant_id


def premises_with_cameras(area: Area, *, canvass: Canvass | None = None) -> list[Premises]:
    """Return the premises in an area that have a camera to find, nearest to the area's middle first, in two queries.

    Each has `distance_m` and these cameras prefetched: registered ones, not paused. Only what a deputy may see is read;
    of the owner only the id. A place whose point is only as good as its ZIP code is never found.
    canvass: the one that searches. Places then have `is_confirmed`, and the agency may leave unconfirmed ones out.
    """
    return list(_places(area, canvass).prefetch_related(Prefetch("cameras", queryset=_cameras())))


def camera_outlines(canvass: Canvass) -> list[Outline]:
    """Return all cameras that a canvass may show and ask about now, nearest to its center first, in one query."""
    places = _places(canvass.area, canvass).order_by().values("pk")
    rows = Camera.objects.searchable().filter(premises__in=places).annotate(**_known(canvass)).order_by("name", "pk")
    columns = ("pk", "premises__registrant", "premises__latitude", "premises__longitude", "asked_before", "why")
    found = [
        Outline(camera, owner, Point(latitude, longitude), asked_before, why or "")
        for camera, owner, latitude, longitude, asked_before, why in rows.values_list(*columns)
    ]
    return _nearest_first(found, canvass.center)


def camera_outlines_asked(canvass: Canvass) -> list[Outline]:
    """Return all cameras that a sent canvass asked about, where they were then. One query; two after a move."""
    asked = Camera.objects.filter(requests__request__canvass=canvass, premises__removed_at__isnull=True)
    columns = ("pk", "premises", "premises__registrant", "premises__moved_at")
    rows = list(asked.order_by("name", "pk").values_list(*columns, "premises__latitude", "premises__longitude"))
    sent_at = canvass.sent_at
    moved = {place for _pk, place, _owner, moved_at, *_at in rows if sent_at and (moved_at or sent_at) > sent_at}
    then = {place.id: place for place in _versions(moved, sent_at)} if moved else {}
    found = []
    for camera, place, owner, _moved_at, latitude, longitude in rows:
        if place not in moved:
            found.append(Outline(camera, owner, Point(latitude, longitude)))
        elif place in then:
            found.append(Outline(camera, owner, Point(then[place].latitude, then[place].longitude)))
    return _nearest_first(found, canvass.center)


def camera_candidates(canvass: Canvass, *, among: Collection[UUID] | None = None) -> list[Candidate]:
    """Return the cameras that a canvass may show and ask about now, in two queries. among: ids wanted, None for all."""
    located, cameras = _places(canvass.area, canvass), _cameras()
    if among is not None:
        located = located.filter(pk__in=Camera.objects.filter(pk__in=among).values("premises"))
        cameras = cameras.filter(pk__in=among)
    places = {place.pk: place for place in located}
    nearest_first = {pk: number for number, pk in enumerate(places)}
    rows: QuerySet[Any] = cameras.filter(premises__in=places).annotate(**_known(canvass))
    found = []
    for camera in sorted(rows, key=lambda camera: nearest_first[camera.premises_id]):
        camera.premises = places[camera.premises_id]
        found.append(Candidate(camera, camera.asked_before, camera.why or ""))
    return found


def owners_in(area: Area) -> set[UUID]:
    """Return the ids of the registrants with a place in an area, whatever its cameras: fast, for locking them."""
    found = inside(Premises.objects.filter(precision__in=FINDABLE), area)
    return set(found.values_list("registrant_id", flat=True))


def is_in_search(canvass: Canvass, camera: Camera) -> bool:
    """True if a camera is in a canvass's area, circle or polygon, and nobody left it out: as the database checks."""
    left_out = LeftOut.objects.filter(canvass=canvass, camera=camera)
    return inside(Premises.objects.filter(pk=camera.premises_id), canvass.area).exists() and not left_out.exists()


def cameras_of(premises: Iterable[Premises]) -> list[Camera]:
    """Return the cameras of premises from `premises_with_cameras`, in that order, each with its premises."""
    cameras = []
    for place in premises:
        for camera in place.cameras.all():
            camera.premises = place
            cameras.append(camera)
    return cameras


def cameras_asked(canvass: Canvass, *, among: Collection[UUID] | None = None) -> list[Camera]:
    """Return the cameras that a canvass asked about, in at most two queries. among: ids wanted, None for all."""
    asked = Camera.objects.filter(requests__request__canvass=canvass, premises__removed_at__isnull=True)
    if among is not None:
        asked = asked.filter(pk__in=among)
    asked = asked.select_related("premises")
    shown = asked.only(*CAMERA_COLUMNS, *(f"premises__{column}" for column in (*PREMISES_COLUMNS, "moved_at")))
    rows: QuerySet[Any] = shown.annotate(was_confirmed=confirmed(canvass.searched_at, premises="premises"))
    cameras = []
    for camera in rows.order_by("name", "pk"):
        camera.premises.is_confirmed = camera.was_confirmed
        cameras.append(camera)
    return cameras_as_asked(canvass, cameras)


def cameras_as_asked(canvass: Canvass, cameras: list[Camera]) -> list[Camera]:
    """Return cameras at their addresses of when a canvass was sent: no page shows where an owner moved since."""
    sent_at = canvass.sent_at
    moved = {camera.premises_id for camera in cameras if sent_at and (camera.premises.moved_at or sent_at) > sent_at}
    if not moved:
        return cameras
    then = {version.id: version for version in _versions(moved, sent_at)}
    known = [camera for camera in cameras if camera.premises_id not in moved or camera.premises_id in then]
    for camera in known:
        if camera.premises_id in moved:
            for column in PLACE_COLUMNS:
                setattr(camera.premises, column, getattr(then[camera.premises_id], column))
    return known


def _versions(places: Collection[UUID], at: datetime | None) -> QuerySet[Any]:
    versions: QuerySet[Any] = Premises.history.filter(id__in=places, history_date__lte=at)
    return versions.order_by("id", "-history_date").distinct("id")


def _known(canvass: Canvass) -> dict[str, Any]:
    asked = FootageRequest.objects.filter(incident=canvass.incident_id, registrant=OuterRef("premises__registrant"))
    left_out = LeftOut.objects.filter(canvass=canvass, camera=OuterRef("pk")).values("why")
    return {"asked_before": Exists(asked), "why": Subquery(left_out)}


def _nearest_first(found: list[Outline], center: Point) -> list[Outline]:
    return sorted(found, key=lambda outline: center.distance_m(outline.point))


def _places(area: Area, canvass: Canvass | None) -> QuerySet[Premises]:
    findable = Premises.objects.filter(Exists(_cameras().filter(premises=OuterRef("pk"))), precision__in=FINDABLE)
    found = inside(findable, area).only(*PREMISES_COLUMNS)
    if canvass is None:
        return found
    # For an owner asked for this incident, as of that search: confirming later would reveal that they are there.
    asked = FootageRequest.objects.filter(incident=canvass.incident_id, registrant=OuterRef("registrant"))
    searched_at = Coalesce(Subquery(asked.values("canvass__searched_at")), Value(canvass.searched_at))
    known = {"searched_at": searched_at, "is_confirmed": confirmed(OuterRef("searched_at"))}
    then: QuerySet[Any] = found.annotate(**known)
    return then.filter(Q(is_confirmed=True) | ~Exists(Limits.objects.filter(leaves_out_unconfirmed=True)))


def _cameras() -> QuerySet[Camera]:
    return Camera.objects.searchable().only(*CAMERA_COLUMNS).order_by("name", "pk")


def seen_unverified(*, incident: Incident, by: User) -> Seen:
    """Return the searches and owners that count toward a person's limits now. Verified incidents do not count."""
    now, unverified = timezone.now(), Incident.objects.exclude(VERIFIED)
    within = UnverifiedSearch.objects.filter(by=by, bound=SearchBound.NONE, incident__in=unverified)
    searches = within.filter(at__gt=now - UNVERIFIED_DAY)
    searched = searches.exclude(incident=incident).values("incident").distinct().count()
    sights = UnverifiedSight.objects.filter(by=by, at__gt=now - UNVERIFIED_WEEK, incident__in=unverified)
    here = UnverifiedSight.objects.filter(incident=incident)
    owners, shown = (frozenset(rows.values_list("registrant_id", flat=True)) for rows in (sights, here))
    return Seen(searched, owners, shown)
