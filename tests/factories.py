"""Rows made by walking the real transitions: `request_at("declined")` registers, opens, verifies, sends, declines."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Area, Point
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, CanvassPurpose, FootageRequest
from registry.canvasses.services import approvals, canvasses, requests
from registry.canvasses.services.canvasses import CanvassArea
from registry.incidents.models import Incident, IncidentType
from registry.incidents.services import incidents
from registry.people.services import registrants
from registry.places.models import Camera
from registry.places.services.cameras import CameraDetails
from registry.places.services.premises import NewPremises
from registry.registrants.models import Registrant
from registry.rules import CLOSING_TAKEN_BACK_WITHIN, LINK_LIFE
from tests.people import make_person

LINN_PARK = Point(33.5206, -86.8108)
"""In the middle of Birmingham, Jefferson County, Alabama; ZIP code 35203."""

CAPITOL = Address("1 Capitol Way", "Birmingham", "AL", "35203")
"""An address for a second place: one address is one place of a person."""

RADIUS_M = 300.0
REASON = "Neighbors saw a grey van leave the alley after the break-in."
LARGE_REASON = "They fled along the whole length of the avenue."
LARGE_RADIUS_M = 1000.0
"""Beyond what a canvass may search without a supervisor."""

METERS_PER_DEGREE = 111_195.0

_numbers = count(1)


def north_of(point: Point, meters: float) -> Point:
    """Return the point so many meters north of another."""
    return Point(point.latitude + meters / METERS_PER_DEGREE, point.longitude)


def person(role: str = Role.RESIDENT, *, language: str = "en") -> User:
    """Return a new account of a role."""
    return make_person(role, f"{role}.{next(_numbers)}@people.example", language=language)


def place_at(point: Point | None, **changes: Any) -> NewPremises:
    """Return a place as a person describes it, with a pin, or without one for `None`."""
    described: dict[str, Any] = {
        "kind": "home",
        "address": Address("600 20th Street North", "Birmingham", "AL", "35203"),
        "pin": point,
    }
    return NewPremises(**described | changes)


def registrant_at(
    point: Point | None = LINN_PARK, *, user: User | None = None, cameras: int = 1, language: str = "en"
) -> Registrant:
    """Return a person who registered so many cameras at a point."""
    return registrants.register(
        by=user or person(language=language),
        kind="person",
        name="Ana Rivera",
        phone="205-555-0117",
        language=language,
        place=place_at(point),
        cameras=[CameraDetails(name=f"Camera {number}") for number in range(1, cameras + 1)],
    )


def camera_at(point: Point | None = LINN_PARK, *, user: User | None = None) -> Camera:
    """Return the only camera of a person who registered at a point."""
    registrant = registrant_at(point, user=user)
    return Camera.objects.select_related("premises__registrant__user").get(premises__registrant=registrant)


def incident_at(
    point: Point = LINN_PARK,
    *,
    verified: bool = True,
    by: User | None = None,
    number: str = "",
    code: str = "burglary",
    **when: datetime | None,
) -> Incident:
    """Return an open incident of two hours, that ended one hour ago, or as `when` says: ends_at, None: it goes on."""
    now = timezone.now()
    incident = incidents.open(
        by=by or person(Role.DEPUTY),
        number=number or f"2026-{next(_numbers):06}",
        type=IncidentType.objects.get(code=code),
        place="Linn Park, 20th Street North",
        point=point,
        **{"starts_at": now - timedelta(hours=3), "ends_at": now - timedelta(hours=1), **when},  # type: ignore[arg-type]
    )
    return incidents.verify(incident=incident, by=person(Role.SUPERVISOR)) if verified else incident


def closed_for_good(incident: Incident, *, by: User | None = None) -> Incident:
    """Close an incident, and let the ten minutes pass in which that could be taken back."""
    incidents.close(incident=incident, by=by or incident.opened_by)
    Incident.objects.filter(pk=incident.pk).update(closed_at=timezone.now() - CLOSING_TAKEN_BACK_WITHIN)
    incidents.settle_closings()
    return Incident.objects.select_related("type").get(pk=incident.pk)


def purpose() -> CanvassPurpose:
    """Return a purpose of the list that each agency starts with."""
    return CanvassPurpose.objects.get(name="Identify a vehicle")


def wanted_of(
    incident: Incident,
    *,
    center: Point | None = None,
    radius_m: float = RADIUS_M,
    corners: Sequence[Point] = (),
    **changes: Any,
) -> CanvassArea:
    """Return what a canvass of an incident asks for: a circle around it during its hours, or what is said instead."""
    described: dict[str, Any] = {
        "area": Area.polygon(corners) if corners else Area(center or incident.point, radius_m),
        "starts_at": incident.starts_at,
        "ends_at": incident.ends_at,
        "purpose": purpose(),
        "reason": REASON,
    }
    return CanvassArea(**described | changes)


def draft_of(incident: Incident, *, by: User | None = None, **changes: Any) -> Canvass:
    """Return a canvass of an incident, drafted by the person who opened it unless `by` says otherwise."""
    return canvasses.draft(incident=incident, by=by or incident.opened_by, wanted=wanted_of(incident, **changes))


def canvass_at(state: str, *, cameras: int = 1, incident: Incident | None = None, by: User | None = None) -> Canvass:
    """Return a canvass at a state, with so many owners of one camera each around the incident.

    At "waiting", "approved" and "denied" it is beyond the limits.
    """
    for number in range(cameras):
        registrant_at(north_of(LINN_PARK, number % 100))
    large = state in {"waiting", "approved", "denied"}
    canvass = draft_of(incident or incident_at(by=by), radius_m=LARGE_RADIUS_M if large else RADIUS_M)
    _walk_canvass(canvass, state)
    canvass.refresh_from_db()
    if canvass.state != state:
        raise ValueError(f"no walk leads to a canvass at {state!r}")
    return canvass


def _walk_canvass(canvass: Canvass, state: str) -> None:
    by = canvass.created_by
    if state in {"waiting", "approved", "denied"}:
        approvals.ask(canvass=canvass, by=by, reason=LARGE_REASON)
    elif state != "draft":
        canvasses.send(canvass=canvass, by=by)
    steps: dict[str, Callable[[], object]] = {
        "approved": lambda: approvals.grant(canvass=canvass, by=person(Role.SUPERVISOR)),
        "denied": lambda: approvals.deny(canvass=canvass, by=person(Role.SUPERVISOR), note="Half of it is enough."),
        "withdrawn": lambda: canvasses.withdraw(canvass=canvass, by=by),
        "expired": lambda: _let_expire(canvass),
        "closed": lambda: canvasses.close(canvass=canvass, by=by),
    }
    steps.get(state, lambda: None)()


def _let_expire(canvass: Canvass) -> None:
    for request in FootageRequest.objects.filter(canvass=canvass):
        let_time_pass(request)
    canvasses.expire_due()


def request_at(state: str, *, registrant: Registrant | None = None, by: User | None = None) -> FootageRequest:
    """Return a footage request at "sent", "footage", "none", "declined", "withdrawn" or "expired".

    by: the deputy who asks. At "footage" the answer is given, and no file is there yet.
    """
    asked = registrant or registrant_at()
    canvass = draft_of(incident_at(by=by))
    canvasses.send(canvass=canvass, by=canvass.created_by)
    request = FootageRequest.objects.get(canvass=canvass, registrant=asked)
    _walk(request, state)
    fresh = FootageRequest.objects.select_related(
        "registrant__user", "incident__type", "canvass__sent_by", "incident__opened_by"
    ).get(pk=request.pk)
    if fresh.state != state:
        raise ValueError(f"no walk leads to a request at {state!r}")
    return fresh


def owner_of(request: FootageRequest) -> User:
    """Return the owner of a request, unless they have left."""
    if request.registrant is None:
        raise ValueError("the person asked has left")
    return request.registrant.user


def _walk(request: FootageRequest, state: str) -> None:
    link = link_actor(request)
    if state == "footage":
        requests.give(request=request, by=link)
    elif state == "none":
        requests.answer_none(request=request, by=link)
    elif state == "declined":
        requests.decline(request=request, by=link)
    elif state == "withdrawn":
        requests.withdraw(request=request, by=request.incident.opened_by)
    elif state == "expired":
        let_time_pass(request)
        requests.expire_due()


def let_time_pass(request: FootageRequest) -> datetime:
    """Move a request's days into the past, as if it had been sent before its link's life; return its end."""
    ended = timezone.now() - timedelta(minutes=1)
    FootageRequest.objects.filter(pk=request.pk).update(sent_at=ended - LINK_LIFE, expires_at=ended)
    request.sent_at, request.expires_at = ended - LINK_LIFE, ended
    return ended
