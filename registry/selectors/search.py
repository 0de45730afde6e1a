"""Finding cameras in an area."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch

from fusus_portal.geo import FINDABLE, Area, inside
from registry.models import Camera, Canvass, FootageRequest, Incident, Premises

CAMERA = ("premises", "name", "kind", "covers", "facing", "angle", "reach_m", "days_kept")
PLACE = ("street", "city", "state", "zip_code", "latitude", "longitude")
PREMISES = ("registrant", "kind", *PLACE)
"""What a canvass reads of a camera and of its place."""


def premises_with_cameras(area: Area) -> list[Premises]:
    """Return the premises in an area that have a camera to be found, nearest to its middle first.

    Each has `distance_m` and those cameras prefetched: registered ones, not paused. Two queries, whatever is found.
    Only what a deputy may see is read: of whose it is, the registrant's id. A place whose point is only as good as
    its ZIP code is never found.
    """
    cameras = Camera.objects.searchable().only(*CAMERA).order_by("name", "pk")
    findable = Premises.objects.filter(Exists(cameras.filter(premises=OuterRef("pk"))), precision__in=FINDABLE)
    found = inside(findable, area)
    return list(found.only(*PREMISES).prefetch_related(Prefetch("cameras", queryset=cameras)))


def owners_in(area: Area) -> set[UUID]:
    """Return the ids of the registrants with a place in an area, whatever its cameras: fast, for who locks them."""
    found = inside(Premises.objects.filter(precision__in=FINDABLE), area)
    return set(found.values_list("registrant_id", flat=True))


def registrants_asked(incident: Incident) -> set[UUID]:
    """Return the ids of the registrants who were asked for this incident, by any of its canvasses."""
    asked = FootageRequest.objects.filter(incident=incident, registrant__isnull=False)
    return {pk for pk in asked.values_list("registrant_id", flat=True) if pk is not None}


def cameras_of(premises: Iterable[Premises]) -> list[Camera]:
    """Return the cameras of premises from `premises_with_cameras`, in that order, each with its premises."""
    cameras = []
    for place in premises:
        for camera in place.cameras.all():
            camera.premises = place
            cameras.append(camera)
    return cameras


def cameras_asked(canvass: Canvass) -> list[Camera]:
    """Return the cameras that a canvass asked for, each with its premises, in one query; two once somebody moved.

    None of a removed place.
    """
    asked = Camera.objects.filter(requests__request__canvass=canvass, premises__removed_at__isnull=True)
    asked = asked.select_related("premises")
    shown = asked.only(*CAMERA, *(f"premises__{column}" for column in (*PREMISES, "moved_at")))
    return as_asked(canvass, list(shown.order_by("name", "pk")))


def as_asked(canvass: Canvass, cameras: list[Camera]) -> list[Camera]:
    """Return cameras of a sent canvass where they stood when they were asked for, each with its premises.

    Footage is of that place. Where somebody moved since is on no page about the old one.
    """
    sent_at = canvass.sent_at
    moved = {camera.premises_id for camera in cameras if sent_at and (camera.premises.moved_at or sent_at) > sent_at}
    if not moved:
        return cameras
    versions = Premises.history.filter(id__in=moved, history_date__lte=sent_at).order_by("id", "-history_date")
    then = {version.id: version for version in versions.distinct("id")}
    known = [camera for camera in cameras if camera.premises_id not in moved or camera.premises_id in then]
    for camera in known:
        if camera.premises_id in moved:
            for column in PLACE:
                setattr(camera.premises, column, getattr(then[camera.premises_id], column))
    return known
