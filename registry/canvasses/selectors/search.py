from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from fusus_portal.ground.geo.areas import Area
from fusus_portal.ground.geo.points import FINDABLE, Point
from fusus_portal.ground.geo.search import inside
from registry.canvasses.models.approvals import LeftOut
from registry.canvasses.models.canvasses import Canvass, FootageRequest
from registry.limits.models import Limits
from registry.places.camera_fields import DESCRIBED
from registry.places.models import Camera, Premises
from registry.places.selectors import confirmed

SEARCHED = tuple(field.name for field in DESCRIBED if field.is_searched)
CAMERA = ("premises", *SEARCHED)
PLACE = ("street", "city", "state", "zip_code", "latitude", "longitude")
PREMISES = ("registrant", "kind", *PLACE)
"""Columns that a canvass reads of a camera and its place."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Ids and point of a canvass's camera, to count and sort it. owner: the registrant. Else as of `Candidate`."""

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
    """Return the premises in an area that have a camera to find, nearest to its middle first, in two queries.

    Each has `distance_m` and those cameras prefetched: registered ones, not paused. Only what a deputy may see is read;
    of the owner only the id. A place whose point is only as good as its ZIP code is never found.
    canvass: whose search it is. Each place then says if it `is_confirmed`, and the agency may leave the others out.
    """
    return list(_places(area, canvass).prefetch_related(Prefetch("cameras", queryset=_cameras())))


def outlines(canvass: Canvass) -> list[Outline]:
    """Return all cameras that a canvass may show and ask about now, nearest to its middle first, in one query."""
    places = _places(canvass.area, canvass).order_by().values("pk")
    rows = Camera.objects.searchable().filter(premises__in=places).annotate(**_known(canvass)).order_by("name", "pk")
    columns = ("pk", "premises__registrant", "premises__latitude", "premises__longitude", "asked_before", "why")
    found = [
        Outline(camera, owner, Point(latitude, longitude), asked_before, why or "")
        for camera, owner, latitude, longitude, asked_before, why in rows.values_list(*columns)
    ]
    return _nearest_first(found, canvass.center)


def outlines_asked(canvass: Canvass) -> list[Outline]:
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


def candidates(canvass: Canvass, *, among: Collection[UUID] | None = None) -> list[Candidate]:
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
    shown = asked.only(*CAMERA, *(f"premises__{column}" for column in (*PREMISES, "moved_at")))
    rows: QuerySet[Any] = shown.annotate(was_confirmed=confirmed(canvass.searched_at, premises="premises"))
    cameras = []
    for camera in rows.order_by("name", "pk"):
        camera.premises.is_confirmed = camera.was_confirmed
        cameras.append(camera)
    return as_asked(canvass, cameras)


def as_asked(canvass: Canvass, cameras: list[Camera]) -> list[Camera]:
    """Return cameras of a sent canvass at the place where they were asked about: footage is of that place.

    No page about the old place shows where an owner moved since.
    """
    sent_at = canvass.sent_at
    moved = {camera.premises_id for camera in cameras if sent_at and (camera.premises.moved_at or sent_at) > sent_at}
    if not moved:
        return cameras
    then = {version.id: version for version in _versions(moved, sent_at)}
    known = [camera for camera in cameras if camera.premises_id not in moved or camera.premises_id in then]
    for camera in known:
        if camera.premises_id in moved:
            for column in PLACE:
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
    found = inside(findable, area).only(*PREMISES)
    if canvass is None:
        return found
    # For an owner asked for this incident, as of that search: confirming later would reveal that they are there.
    asked = FootageRequest.objects.filter(incident=canvass.incident_id, registrant=OuterRef("registrant"))
    searched_at = Coalesce(Subquery(asked.values("canvass__searched_at")), Value(canvass.searched_at))
    known = {"searched_at": searched_at, "is_confirmed": confirmed(OuterRef("searched_at"))}
    then: QuerySet[Any] = found.annotate(**known)
    return then.filter(Q(is_confirmed=True) | ~Exists(Limits.objects.filter(leaves_out_unconfirmed=True)))


def _cameras() -> QuerySet[Camera]:
    return Camera.objects.searchable().only(*CAMERA).order_by("name", "pk")
