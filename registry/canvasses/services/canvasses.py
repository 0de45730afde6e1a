"""Canvasses: drawn, looked at, narrowed, sent, followed, ended."""

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.selectors import was_recorded
from audit.log.services import Line, record, record_many
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.geo.points import Area, Point
from fusus_portal.ground.lifecycle import Refused, Stale
from registry.canvasses import locks, policies, selectors
from registry.canvasses.models import Approval, Canvass, CanvassPurpose, FootageRequest, LeftOut, ReplySeen
from registry.canvasses.services import requests, searches
from registry.canvasses.states import CANVASS, CanvassState
from registry.incidents import locks as incident_locks
from registry.incidents.models import Incident, IncidentType
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.services import incidents as incident_services
from registry.limits.models import Limits
from registry.places.models import Camera
from registry.registrants import locks as registrant_locks

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
        policies.may_search_around(locked)
        canvass = Canvass(incident=locked, created_by=by)
        _write(canvass, wanted)
        _search(Event.CANVASS_DRAFTED, canvass, by)
    return canvass


def change(*, canvass: Canvass, by: User, wanted: CanvassArea) -> Canvass:
    """Search again before sending. An approval that was asked for or given becomes void.

    Raises what `draft` raises, Stale for a canvass sent or closed, and TooWide for an area that an unverified incident
    may not show: that counts as a search, and the canvass stays as it was.
    """
    with transaction.atomic():
        locked = _locked(canvass, by)
        policies.may_redraw_canvass(locked.incident)
        if locked.state != CanvassState.DRAFT:
            steps.check(locked, CanvassState.DRAFT, by)
        kept = _why_kept(locked, by, wanted)
        if kept is None:
            _redraw(locked, by, wanted)
    if kept is not None:
        raise kept
    return locked


def show(*, canvass: Canvass, by: User, page: int | str | None = None) -> searches.Findings:
    """Return the cameras of a canvass with their addresses. Each showing of each camera is an entry.

    An unsent canvass shows the cameras in the area now, a sent one those it asked about. page: number of the one page
    to show, None for all. The number of queries does not depend on the findings.
    Raises Stale for a closed incident or canvass, Refused for a person not assigned.
    """
    with transaction.atomic():
        locked = _locked(canvass, by)
        findings, cameras = searches.find(locked, by=by, page=page)
        if cameras:
            searches.note_sights(locked.incident, by, searches.owners_of(cameras))
            searches.note_cameras(Event.CAMERA_SHOWN, locked, by.actor, cameras)
        else:
            searches.note(Event.CANVASS_VIEWED, locked, by.actor)
    return findings


def view(*, canvass: Canvass, by: User) -> None:
    """Record a look at a canvass whose cameras are no longer shown."""
    with transaction.atomic():
        searches.note(Event.CANVASS_VIEWED, canvass, by.actor)


def follow(*, canvass: Canvass, by: User) -> None:
    """Record that a person follows the replies, once in `FOLLOWED_FOR` for a page that asks again and again."""
    since = timezone.now() - FOLLOWED_FOR
    if was_recorded(event=Event.CANVASS_FOLLOWED, actor=by.actor, subject=canvass.subject, since=since):
        return
    with transaction.atomic():
        searches.note(Event.CANVASS_FOLLOWED, canvass, by.actor)


def send(*, canvass: Canvass, by: User) -> Canvass:
    """Ask every owner in the area who was not asked for this incident before, and is not left out.

    Sending twice, by one person or by two at once, has one effect; the second call returns the sent canvass. The number
    of queries does not depend on the number of owners. Raises Stale for a closed incident or canvass and if nobody is
    left to ask; Refused for a person not assigned, without the approval or verification needed, and for the supervisor
    who approved it.
    """
    with searches.bounds_flagged(by), transaction.atomic():
        locked = _locked(canvass, by)
        if locked.state == CanvassState.SENT:
            return locked
        steps.check(locked, CanvassState.SENT, by)
        # From here no owner can pause or remove a camera; one who did so just before is not asked.
        registrant_locks.owners(selectors.owners_in(locked.area))
        cameras = searches.cameras_to_ask(locked)
        owners = searches.owners_of(cameras)
        limits = Limits.current()
        policies.must_be_within_bounds(locked, limits)
        policies.must_be_approved(locked, limits)
        searches.may_see_owners(locked, by, owners)
        if locked.state == CanvassState.APPROVED:
            approval = Approval.objects.get(canvass=locked, voided_at__isnull=True)
            policies.may_send_approved(by, locked, approval)
        policies.must_ask_somebody(locked, owners=len(owners))
        sent_at = timezone.now()
        locked.sent_by, locked.sent_at = by, sent_at
        steps.take(locked, CanvassState.SENT, by, facts={"owners": len(owners)}, reason=locked.reason)
        searches.note_cameras(Event.CAMERA_ASKED, locked, by.actor, cameras)
        requests.ask_owners(canvass=locked, cameras=cameras, actor=by.actor, sent_at=sent_at)
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
        requests.withdraw_waiting(incident=locked.incident, actor=by.actor, canvass=locked)
        locked.withdrawn_by, locked.withdrawn_at = by, timezone.now()
        steps.take(locked, CanvassState.WITHDRAWN, by, reason=locked.reason)
    return locked


def close(*, canvass: Canvass, by: User) -> Canvass:
    """End a canvass. Requests without an answer are withdrawn, and their owners told."""
    with transaction.atomic():
        locked = _locked(canvass, by)
        steps.check(locked, CanvassState.CLOSED, by)
        requests.withdraw_waiting(incident=locked.incident, actor=by.actor, canvass=locked)
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
            searches.note(Event(rule.event), canvass, actor)
    return len(canvasses)


def _open_incident(incident: Incident, by: User) -> Incident:
    searches.hold_searcher(incident, by)
    locked = incident_locks.incident(incident.pk)
    incident_policies.must_be_open(locked)
    incident_policies.may_work_on(by, locked)
    return locked


def _locked(canvass: Canvass, by: User) -> Canvass:
    return locks.canvass(canvass.pk, incident=_open_incident(canvass.incident, by))


def _why_kept(canvass: Canvass, by: User, wanted: CanvassArea) -> policies.TooWide | None:
    """Count and record a redrawing that is too wide, and return why; None if the canvass can be redrawn."""
    if canvass.incident.is_verified:
        return None
    redrawn = copy(canvass)
    _write(redrawn, wanted)
    seen = selectors.seen_unverified(incident=canvass.incident, by=by)
    try:
        policies.must_fit_unverified(redrawn, seen, searches.owners_of(_cameras_in(redrawn)))
    except policies.TooWide as refused:
        searches.count_refused_search(canvass, by)
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
    policies.check_area(wanted.area, limits)
    policies.check_nearby(wanted.area, incident)
    policies.check_window(wanted.starts_at, wanted.ends_at, incident, limits)
    policies.must_be_listed_purpose(wanted.purpose)
    canvass.reason = policies.check_reason(wanted.reason, incident=incident, purpose=wanted.purpose)
    canvass.area, canvass.purpose = wanted.area, wanted.purpose
    canvass.starts_at, canvass.ends_at = wanted.starts_at, wanted.ends_at
    canvass.beyond_limits = policies.is_beyond_limits(wanted.area, wanted.starts_at, wanted.ends_at, limits)


def _search(event: Event, canvass: Canvass, by: User) -> None:
    """Find the cameras of a canvass, save it, and write the entries. A search of an unverified incident is counted."""
    canvass.searched_at = timezone.now()
    cameras = _cameras_in(canvass)
    if searches.count_search(canvass, by, searches.owners_of(cameras)):
        canvass.beyond_limits = True
    canvass.save()
    facts = {"cameras": len(cameras), "radius_m": round(canvass.radius_m), "corners": len(canvass.area.corners)}
    searches.note(event, canvass, by.actor, **facts, purpose=canvass.purpose.name)
    searches.note_cameras(Event.CAMERA_FOUND, canvass, by.actor, cameras)


def _cameras_in(canvass: Canvass) -> list[Camera]:
    return selectors.cameras_of(selectors.premises_with_cameras(canvass.area, canvass=canvass))


def draft_from_call(
    *,
    by: User,
    number: str,
    type: IncidentType,  # noqa: A002
    place: str,
    point: Point,
    starts_at: datetime,
    ends_at: datetime | None,
    wanted: CanvassArea,
) -> Canvass:
    """Open an incident and search around it, or neither. Raises what `incidents.open` and `draft` raise."""
    with incident_services.opening_alarm(by), transaction.atomic():
        opened = incident_services.open(
            by=by, number=number, type=type, place=place, point=point, starts_at=starts_at, ends_at=ends_at
        )
        return draft(incident=opened, by=by, wanted=wanted)


PICKABLE = (CanvassState.DRAFT, CanvassState.APPROVED)
"""States to leave cameras out in. A waiting canvass stays as its supervisor reads it; an approved one only shrinks."""


def leave_out(*, canvass: Canvass, by: User, cameras: Collection[UUID], why: str) -> int:
    """Leave cameras that the canvass shows out of it; return how many were not left out before.

    why: of `LeftOut.Why`; all but "view" leave out the owner. Auditors and the people on the incident read the entry
    with cameras and reason, the owner does not: they may be involved.
    Raises ValidationError on "cameras" or "why", Refused for a person not assigned, Stale after sending.
    """
    with transaction.atomic():
        locked = _locked_to_pick(canvass, by)
        if why not in LeftOut.Why.values:
            raise ValidationError({"why": _("Choose why these cameras are left out.")})
        before = set(LeftOut.objects.filter(canvass=locked).values_list("camera_id", flat=True))
        chosen = [camera for camera in _shown_cameras(locked, by, cameras) if camera.pk not in before]
        LeftOut.objects.bulk_create(
            LeftOut(canvass=locked, camera=camera, why=why, left_out_by=by) for camera in chosen
        )
        _note_left_out(Event.CANVASS_LEFT_OUT, locked, by, [(camera.pk, why) for camera in chosen])
    return len(chosen)


def put_back(*, canvass: Canvass, by: User, cameras: Collection[UUID]) -> int:
    """Put cameras back into a canvass; return how many had been left out."""
    with transaction.atomic():
        locked = _locked_to_pick(canvass, by)
        rows = LeftOut.objects.filter(canvass=locked, camera__in=cameras)
        found = list(rows.values_list("camera_id", "why"))
        rows.delete()
        _note_left_out(Event.CANVASS_PUT_BACK, locked, by, found)
    return len(found)


def _locked_to_pick(canvass: Canvass, by: User) -> Canvass:
    locked = _locked(canvass, by)
    if locked.state not in PICKABLE:
        sentence = _("Cameras are left out before a canvass is sent. This one is “%(state)s”.")
        raise Stale(sentence % {"state": locked.get_state_display()}, subject=locked.subject)
    return locked


def _shown_cameras(canvass: Canvass, by: User, wanted: Collection[UUID]) -> list[Camera]:
    findings, cameras = searches.find(canvass, by=by)
    if findings.cameras is None:
        raise Refused(_("The cameras of this canvass are not shown yet."), subject=canvass.subject)
    chosen = [camera for camera in cameras if camera.pk in wanted]
    if not chosen or len(chosen) != len(set(wanted)):
        raise ValidationError({"cameras": _("Choose one or more cameras of the list.")})
    return chosen


def _note_left_out(event: Event, canvass: Canvass, by: User, cameras: list[tuple[UUID, str]]) -> None:
    lines = [Line(canvass.subject, facts={"left_out": str(camera), "why": why}) for camera, why in cameras]
    record_many(event=event, actor=by.actor, lines=lines, **canvass.in_log)


def see_replies(*, canvasses: Iterable[Canvass], by: User) -> set[UUID]:
    """Record that a person saw the replies to these canvasses; return the requests whose reply was new to them.

    The page that shows them writes its own entry. Not for the part of a page that a script fetches again and again:
    nobody may sit in front of it.
    """
    return _see(selectors.replies_new_to(by).filter(canvass__in=list(canvasses)), by)


def see_reply(*, request: FootageRequest, by: User) -> None:
    """Record that a person saw a reply by playing a file of it, which leaves an entry."""
    _see(selectors.replies_new_to(by).filter(pk=request.pk), by)


def _see(replies: QuerySet[FootageRequest], by: User) -> set[UUID]:
    now = timezone.now()
    with transaction.atomic():
        seen = ReplySeen.objects.bulk_create(
            [
                ReplySeen(request_id=pk, person=by, replied_at=replied_at, seen_at=now)
                for pk, replied_at in replies.order_by("pk").values_list("pk", "replied_at")
                if replied_at is not None
            ],
            update_conflicts=True,
            unique_fields=["request", "person"],
            update_fields=["replied_at", "seen_at"],
        )
    return {each.request_id for each in seen}
