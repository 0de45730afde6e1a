"""Canvasses: one search of a circle for an incident, looked at, sent once, closed."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.events import Event
from audit.services import Line, record, record_many
from fusus_portal.accounts.models import User
from fusus_portal.geo import Address, Point
from fusus_portal.lifecycle import Stale
from registry.models import Camera, Canvass, Incident, Limits, Premises
from registry.policies import canvasses as policy
from registry.policies import incidents as incident_policy
from registry.policies import why_not
from registry.policies.reasons import check_reason
from registry.selectors import search
from registry.services import asking, locking, withdrawing
from registry.services.cameras import line_of
from registry.states import CANVASS, CanvassState


@dataclass(frozen=True, slots=True)
class FoundCamera:
    """A camera as a deputy sees it in a canvass: what it is, its address and point; never whose it is.

    facing and angle in degrees, reach_m in meters, days_kept by the device itself; None where the owner said nothing.
    """

    id: UUID
    name: str
    kind: str
    covers: str
    address: Address
    point: Point
    facing: int | None = None
    angle: int | None = None
    reach_m: int | None = None
    days_kept: int | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a canvass shows. owners: how many people it asks. already_asked: how many were asked before.

    cameras: None while nobody has verified the incident and more owners are found than may be asked before that.
    """

    owners: int
    already_asked: int
    cameras: tuple[FoundCamera, ...] | None


def draft(
    *, incident: Incident, by: User, center: Point, radius_m: float, starts_at: datetime, ends_at: datetime, reason: str
) -> Canvass:
    """Search a circle around `center`, radius in meters, and keep the canvass to be looked at before it is sent.

    starts_at, ends_at: what footage is asked for. Each camera found gets its entry, which its owner sees.
    Raises Stale for a closed incident, Refused for a person not assigned or a second search of an unverified
    incident, ValidationError by field: center, radius_m, starts_at, ends_at, reason.
    """
    with transaction.atomic():
        locked = locking.incident(incident.pk)
        incident_policy.must_be_open(locked)
        incident_policy.may_work_on(by, locked)
        policy.may_search(locked)
        limits = Limits.current()
        policy.check_area(radius_m, limits)
        policy.check_nearby(center, locked)
        policy.check_window(starts_at, ends_at, locked, limits)
        canvass = Canvass.objects.create(
            incident=locked,
            latitude=center.latitude,
            longitude=center.longitude,
            radius_m=radius_m,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=check_reason(reason, limits=limits, repeats=[locked.number, *locked.type.names, locked.place]),
            created_by=by,
        )
        cameras = search.cameras_of(search.premises_with_cameras(center=center, radius_m=radius_m))
        _record(Event.CANVASS_DRAFTED, canvass, by.actor, cameras=len(cameras), radius_m=round(radius_m))
        _record_cameras(Event.CAMERA_FOUND, canvass, by.actor, cameras)
    return canvass


def show(*, canvass: Canvass, by: User) -> Findings:
    """Return the cameras of a canvass with their addresses. Each showing of each camera is an entry.

    A draft shows what is in the circle now, a sent canvass what was asked for. The number of queries does not
    depend on what is found. Raises Stale for a closed incident or canvass, Refused for a person not assigned.
    """
    with transaction.atomic():
        incident = locking.incident(canvass.incident_id)
        incident_policy.must_be_open(incident)
        incident_policy.may_work_on(by, incident)
        locked = locking.canvass(canvass.pk, incident=incident)
        findings, cameras = _findings(locked)
        if cameras:
            _record_cameras(Event.CAMERA_SHOWN, locked, by.actor, cameras)
        else:
            _record(Event.CANVASS_VIEWED, locked, by.actor)
    return findings


def view(*, canvass: Canvass, by: User) -> None:
    """Record that a person looks at a canvass of which no camera is shown any more."""
    with transaction.atomic():
        _record(Event.CANVASS_VIEWED, canvass, by.actor)


def send(*, canvass: Canvass, by: User) -> Canvass:
    """Ask every owner in the circle who was not asked for this incident before.

    Sending twice, by one person or by two at once, has one effect; the second call returns the sent canvass.
    Raises Stale for a closed incident or canvass and when nobody is left to ask, Refused for a person not
    assigned and for what an unverified incident does not allow. The number of queries does not depend on how
    many are asked.
    """
    with transaction.atomic():
        incident = locking.incident(canvass.incident_id)
        incident_policy.must_be_open(incident)
        incident_policy.may_work_on(by, incident)
        locked = locking.canvass(canvass.pk, incident=incident)
        if locked.state == CanvassState.SENT:
            return locked
        subject = locked.subject
        rule = CANVASS.check(source=locked.state, target=CanvassState.SENT, role=by.role, subject=subject)
        to_ask = _to_ask(locked)
        owners = len({premises.registrant_id for premises in to_ask})
        policy.must_ask_somebody(locked, owners=owners)
        policy.may_ask(locked, incident, owners=owners)
        sent_at = timezone.now()
        locked.state, locked.sent_by, locked.sent_at = CanvassState.SENT, by, sent_at
        locked.save(update_fields=["state", "sent_by", "sent_at"])
        _record(Event(rule.event), locked, by.actor, owners=owners)
        _record_cameras(Event.CAMERA_ASKED, locked, by.actor, search.cameras_of(to_ask))
        asking.ask(canvass=locked, premises=to_ask, actor=by.actor, sent_at=sent_at)
    return locked


def close(*, canvass: Canvass, by: User) -> Canvass:
    """End a canvass. Requests without an answer are withdrawn, and their owners told."""
    with transaction.atomic():
        incident = locking.incident(canvass.incident_id)
        incident_policy.must_be_open(incident)
        incident_policy.may_work_on(by, incident)
        locked = locking.canvass(canvass.pk, incident=incident)
        rule = CANVASS.check(source=locked.state, target=CanvassState.CLOSED, role=by.role, subject=locked.subject)
        withdrawing.withdraw_waiting(incident=incident, actor=by.actor, canvass=locked)
        locked.state, locked.closed_by, locked.closed_at = CanvassState.CLOSED, by, timezone.now()
        locked.save(update_fields=["state", "closed_by", "closed_at"])
        _record(Event(rule.event), locked, by.actor)
    return locked


def _findings(canvass: Canvass) -> tuple[Findings, list[Camera]]:
    if canvass.state == CanvassState.CLOSED:
        raise Stale(_("This canvass is closed. Its cameras are not shown any more."), subject=canvass.subject)
    if canvass.state == CanvassState.SENT:
        cameras = search.cameras_asked(canvass)
        owners, before = {camera.premises.registrant_id for camera in cameras}, 0
    else:
        found = search.premises_with_cameras(center=canvass.center, radius_m=canvass.radius_m)
        asked = search.registrants_asked(canvass.incident)
        cameras, everyone = search.cameras_of(found), {premises.registrant_id for premises in found}
        owners, before = everyone - asked, len(everyone & asked)
        if why_not(partial(policy.may_ask, canvass, canvass.incident, owners=len(owners))):
            return Findings(len(owners), before, None), []
    return Findings(len(owners), before, tuple(_found(camera) for camera in cameras)), cameras


def _to_ask(canvass: Canvass) -> list[Premises]:
    found = search.premises_with_cameras(center=canvass.center, radius_m=canvass.radius_m)
    locking.owners({premises.registrant_id for premises in found})
    # Now nobody pauses or removes a camera meanwhile; who did it just before is not asked.
    found = search.premises_with_cameras(center=canvass.center, radius_m=canvass.radius_m)
    asked = search.registrants_asked(canvass.incident)
    return [premises for premises in found if premises.registrant_id not in asked]


def _found(camera: Camera) -> FoundCamera:
    premises = camera.premises
    return FoundCamera(
        camera.pk,
        camera.name,
        camera.kind,
        camera.covers,
        premises.address,
        premises.point,
        camera.facing,
        camera.angle,
        camera.reach_m,
        camera.days_kept,
    )


def _record(event: Event, canvass: Canvass, actor: Actor, **facts: int) -> None:
    record(
        event=event,
        actor=actor,
        subject=canvass.subject,
        incident=str(canvass.incident_id),
        reason=canvass.reason,
        offence_type=canvass.incident.type.code,
        facts=facts,
    )


def _record_cameras(event: Event, canvass: Canvass, actor: Actor, cameras: list[Camera]) -> None:
    lines: list[Line] = [line_of(camera, facts={"canvass": str(canvass.pk)}) for camera in cameras]
    record_many(
        event=event,
        actor=actor,
        lines=lines,
        incident=str(canvass.incident_id),
        reason=canvass.reason,
        offence_type=canvass.incident.type.code,
    )
