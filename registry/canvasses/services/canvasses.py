from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from audit.log.events import Event
from audit.log.selectors import was_recorded
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.areas import Area
from registry.canvasses import locks
from registry.canvasses.models.approvals import Approval
from registry.canvasses.models.canvasses import Canvass, FootageRequest
from registry.canvasses.models.purposes import CanvassPurpose
from registry.canvasses.policies import canvasses
from registry.canvasses.policies import unverified_searches as unverified_search_policies
from registry.canvasses.policies.unverified_searches import TooWide
from registry.canvasses.selectors import search
from registry.canvasses.services import findings as finding_services
from registry.canvasses.services import request_writer
from registry.canvasses.services import unverified_searches as unverified_search_services
from registry.canvasses.services.findings import Findings, note, note_cameras
from registry.canvasses.states import CANVASS, CanvassState
from registry.incidents import locks as incident_locks
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import incidents
from registry.limits.models import Limits
from registry.people import locks as people_locks
from registry.places.models import Camera

EXPIRER = "registry.expire_canvasses"
EXPIRED_AT_ONCE = 200

FOLLOWED_FOR = timedelta(minutes=10)
"""An open page of replies asks every few seconds; one entry covers this long."""


@dataclass(frozen=True, slots=True)
class CanvassArea:
    area: Area
    starts_at: datetime
    ends_at: datetime
    purpose: CanvassPurpose
    reason: str


def draft(*, incident: Incident, by: User, wanted: CanvassArea) -> Canvass:
    """Search an area and keep the unsent canvass. Each camera found gets its entry, which its owner sees.

    Raises Stale for a closed incident, Refused for a person not assigned or a second search of an unverified incident,
    ValidationError by field: center, radius_m, corners, starts_at, ends_at, purpose, reason.
    """
    with transaction.atomic():
        locked = _open_incident(incident, by)
        unverified_search_policies.may_search(locked)
        canvass = Canvass(incident=locked, created_by=by)
        _write(canvass, wanted)
        _search(Event.CANVASS_DRAFTED, canvass, by)
    return canvass


def change(*, canvass: Canvass, by: User, wanted: CanvassArea) -> Canvass:
    """Search again before sending. A supervisor's question or decision becomes void.

    Raises what `draft` raises, Stale for a canvass sent or closed, and TooWide for an area that an unverified incident
    may not show: that counts as a search, and the canvass stays as it was.
    """
    with transaction.atomic():
        locked = _locked(canvass, by)
        unverified_search_policies.may_redraw(locked.incident)
        if locked.state != CanvassState.DRAFT:
            steps.check(locked, CanvassState.DRAFT, by)
        kept = _why_kept(locked, by, wanted)
        if kept is None:
            _redraw(locked, by, wanted)
    if kept is not None:
        raise kept
    return locked


def show(*, canvass: Canvass, by: User, page: int | str | None = None) -> Findings:
    """Return the cameras of a canvass with their addresses. Each showing of each camera is an entry.

    An unsent canvass shows the cameras in the area now, a sent one those it asked about. page: number of the one page
    to show, None for all. The number of queries does not depend on the findings.
    Raises Stale for a closed incident or canvass, Refused for a person not assigned.
    """
    with transaction.atomic():
        locked = _locked(canvass, by)
        findings, cameras = finding_services.findings(locked, by=by, page=page)
        if cameras:
            unverified_search_services.note_sights(locked.incident, by, finding_services.owners_of(cameras))
            note_cameras(Event.CAMERA_SHOWN, locked, by.actor, cameras)
        else:
            note(Event.CANVASS_VIEWED, locked, by.actor)
    return findings


def view(*, canvass: Canvass, by: User) -> None:
    """Record a look at a canvass whose cameras are no longer shown."""
    with transaction.atomic():
        note(Event.CANVASS_VIEWED, canvass, by.actor)


def follow(*, canvass: Canvass, by: User) -> None:
    """Record that a person follows the replies, once in `FOLLOWED_FOR` for a page that asks again and again."""
    since = timezone.now() - FOLLOWED_FOR
    if was_recorded(event=Event.CANVASS_FOLLOWED, actor=by.actor, subject=canvass.subject, since=since):
        return
    with transaction.atomic():
        note(Event.CANVASS_FOLLOWED, canvass, by.actor)


def send(*, canvass: Canvass, by: User) -> Canvass:
    """Ask every owner in the area who was not asked for this incident before, and is not left out.

    Sending twice, by one person or by two at once, has one effect; the second call returns the sent canvass. The number
    of queries does not depend on the number of owners. Raises Stale for a closed incident or canvass and if nobody is
    left to ask; Refused for a person not assigned, without the approval or verification needed, and for the supervisor
    who approved it.
    """
    with unverified_search_services.flagged(by), transaction.atomic():
        locked = _locked(canvass, by)
        if locked.state == CanvassState.SENT:
            return locked
        steps.check(locked, CanvassState.SENT, by)
        # From here no owner can pause or remove a camera; one who did so just before is not asked.
        people_locks.owners(search.owners_in(locked.area))
        cameras = finding_services.to_ask(locked)
        owners = finding_services.owners_of(cameras)
        limits = Limits.current()
        unverified_search_policies.must_be_within(locked, limits)
        canvasses.must_be_approved(locked, limits)
        unverified_search_services.may_see(locked, by, owners)
        if locked.state == CanvassState.APPROVED:
            approval = Approval.objects.get(canvass=locked, voided_at__isnull=True)
            canvasses.may_send_approved(by, locked, approval)
        canvasses.must_ask_somebody(locked, owners=len(owners))
        sent_at = timezone.now()
        locked.sent_by, locked.sent_at = by, sent_at
        steps.take(locked, CanvassState.SENT, by, facts={"owners": len(owners)}, reason=locked.reason)
        note_cameras(Event.CAMERA_ASKED, locked, by.actor, cameras)
        request_writer.ask(canvass=locked, cameras=cameras, actor=by.actor, sent_at=sent_at)
    return locked


def withdraw(*, canvass: Canvass, by: User) -> Canvass:
    """Withdraw all requests that wait for an answer, and tell those owners. Replies stay, and files may still be added.

    Nobody is told how many waited (promise R4). Doing it twice has one effect.
    """
    with transaction.atomic():
        locked = _locked(canvass, by)
        if locked.state == CanvassState.WITHDRAWN:
            return locked
        steps.check(locked, CanvassState.WITHDRAWN, by)
        request_writer.withdraw_waiting(incident=locked.incident, actor=by.actor, canvass=locked)
        locked.withdrawn_by, locked.withdrawn_at = by, timezone.now()
        steps.take(locked, CanvassState.WITHDRAWN, by, reason=locked.reason)
    return locked


def close(*, canvass: Canvass, by: User) -> Canvass:
    """End a canvass. Requests without an answer are withdrawn, and their owners told."""
    with transaction.atomic():
        locked = _locked(canvass, by)
        steps.check(locked, CanvassState.CLOSED, by)
        request_writer.withdraw_waiting(incident=locked.incident, actor=by.actor, canvass=locked)
        locked.closed_by, locked.closed_at = by, timezone.now()
        steps.take(locked, CanvassState.CLOSED, by, reason=locked.reason)
    return locked


def expire_due() -> int:
    """End the canvasses whose last day to answer has passed, in batches; return how many.

    By the clock alone: a canvass that ended with its last owner's answer would reveal declines (promise R4).
    """
    return sum(iter(_expire_batch, 0))


def _expire_batch() -> int:
    actor, now = task_actor(EXPIRER), timezone.now()
    rule = CANVASS.check(source=CanvassState.SENT, target=CanvassState.EXPIRED, role=actor.role)
    running = FootageRequest.objects.filter(canvass=OuterRef("pk"), expires_at__gt=now)
    with transaction.atomic():
        rows = Canvass.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        due = rows.filter(~Exists(running), state=CanvassState.SENT).select_related("incident__type")
        canvasses = list(due.order_by("sent_at", "pk")[:EXPIRED_AT_ONCE])
        ended = Canvass.objects.filter(pk__in=[canvass.pk for canvass in canvasses])
        ended.update(state=CanvassState.EXPIRED, expired_at=now)
        for canvass in canvasses:
            note(Event(rule.event), canvass, actor)
    return len(canvasses)


def _open_incident(incident: Incident, by: User) -> Incident:
    unverified_search_services.hold(incident, by)
    locked = incident_locks.incident(incident.pk)
    incidents.must_be_open(locked)
    incidents.may_work_on(by, locked)
    return locked


def _locked(canvass: Canvass, by: User) -> Canvass:
    return locks.canvass(canvass.pk, incident=_open_incident(canvass.incident, by))


def _why_kept(canvass: Canvass, by: User, wanted: CanvassArea) -> TooWide | None:
    """Count and record a redrawing that is too wide, and return why; None if the canvass can be redrawn."""
    if canvass.incident.is_verified:
        return None
    redrawn = copy(canvass)
    _write(redrawn, wanted)
    try:
        unverified_search_services.must_fit(redrawn, by, finding_services.owners_of(_cameras_in(redrawn)))
    except TooWide as refused:
        unverified_search_services.count_refused(canvass, by)
        facts = {"radius_m": round(redrawn.radius_m), "corners": len(redrawn.area.corners)}
        record(
            event=Event.CANVASS_KEPT,
            actor=by.actor,
            subject=canvass.subject,
            reason=redrawn.reason,
            outcome="refused",
            facts=facts,
            **canvass.in_log,
        )
        return refused
    return None


def _redraw(canvass: Canvass, by: User, wanted: CanvassArea) -> None:
    if canvass.state == CanvassState.WAITING:
        steps.take(canvass, CanvassState.DRAFT, by)
    Approval.objects.filter(canvass=canvass, voided_at__isnull=True).update(voided_at=timezone.now())
    _write(canvass, wanted)
    canvass.state = CanvassState.DRAFT
    _search(Event.CANVASS_CHANGED, canvass, by)


def _write(canvass: Canvass, wanted: CanvassArea) -> None:
    incident, limits = canvass.incident, Limits.current()
    canvasses.check_area(wanted.area, limits)
    canvasses.check_nearby(wanted.area, incident)
    canvasses.check_window(wanted.starts_at, wanted.ends_at, incident, limits)
    canvasses.check_purpose(wanted.purpose)
    canvass.reason = canvasses.check_reason(wanted.reason, incident=incident, purpose=wanted.purpose)
    canvass.area, canvass.purpose = wanted.area, wanted.purpose
    canvass.starts_at, canvass.ends_at = wanted.starts_at, wanted.ends_at
    canvass.beyond_limits = canvasses.beyond_limits(wanted.area, wanted.starts_at, wanted.ends_at, limits)


def _search(event: Event, canvass: Canvass, by: User) -> None:
    """Find the cameras of a canvass, save it, and write the entries. Counts before the incident is verified."""
    canvass.searched_at = timezone.now()
    cameras = _cameras_in(canvass)
    if unverified_search_services.count_search(canvass, by, finding_services.owners_of(cameras)):
        canvass.beyond_limits = True
    canvass.save()
    facts = {"cameras": len(cameras), "radius_m": round(canvass.radius_m), "corners": len(canvass.area.corners)}
    note(event, canvass, by.actor, **facts, purpose=canvass.purpose.name)
    note_cameras(Event.CAMERA_FOUND, canvass, by.actor, cameras)


def _cameras_in(canvass: Canvass) -> list[Camera]:
    return search.cameras_of(search.premises_with_cameras(canvass.area, canvass=canvass))
