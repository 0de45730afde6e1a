"""Views: begun with a reason, watched minute by minute, extended with another reason, ended at once."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record_at_once
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale
from integration.cores.models import DeviceCamera
from integration.critical import selectors
from integration.critical.models import Declaration
from integration.critical.policies import reasons
from integration.live import locks
from integration.live.models import GrantEnd, ViewGrant, ViewTime
from integration.live.policies import gate as gate_policies
from integration.live.policies import oversight
from integration.live.policies.gate import Decision
from integration.live.selectors import gate as gate_selectors
from integration.live.services import gate as gate_services
from integration.live.services import streams, view_ends
from integration.live.services.gate import Look, ViewRefused
from integration.live.video import decisions, wakes
from integration.live.video.connection import LiveUnavailable, answering
from integration.rules import GRID, VIEW_LIFE, WATCHED_EVERY
from integration.watch_hours import services
from registry.incidents import locks as incident_locks
from registry.incidents.models import Incident

SWEEPER = "integration.sweep_views"


def start(
    *,
    incident: Incident,
    camera: DeviceCamera,
    by: User,
    reason: str,
    network: str,
    session: bytes,
    more: bool = False,
) -> ViewGrant:
    """Begin to see a camera; return the view, whose entry is committed before anything is ordered (promise R5).

    network, session: address of the viewer, and the digest of the sign-in. more: the time of this camera for this
    incident may be used up, and the reason says why more is needed. Raises ViewRefused with the sentence of the
    condition that fails, ValidationError on "reason", NotYours if there is no such camera.
    """
    try:
        with transaction.atomic():
            return _start(incident, camera, by, reason, network=network, session=session, more=more)
    except ViewRefused as refused:
        gate_services.note_refusal_before(refused.condition, by=by, camera=camera, incident=incident)
        raise
    except ValidationError:
        gate_services.note_refusal_before("reason", by=by, camera=camera, incident=incident)
        raise


def extend(*, grant: ViewGrant, by: User, reason: str) -> ViewGrant:
    """Extend a view by half an hour, within the declaration. Raises NotYours, Stale, ViewRefused, ValidationError."""
    try:
        with transaction.atomic():
            return _extend(grant, by, reason)
    except ViewRefused as refused:
        gate_services.note_refusal(refused.condition, by=by, view=grant.pk)
        raise


def ask(*, grant: UUID, user: User, session: bytes, network: str) -> Look:
    """Return a look after committing the entry of its minute; without the entry nothing is shown. Raises NotYours."""
    return begun(gate_services.look(grant=grant, user=user, session=session, network=network), grant)


def begun(look: Look, grant: UUID) -> Look:
    """Return a look once the entry of the minute that it begins is committed; if that fails, nothing is shown."""
    try:
        if look.begins_minute:
            watch(grant=ViewGrant(pk=grant))
    except Stale:
        return Look(gate_policies.failed("running"))
    except DatabaseError:
        return Look(gate_policies.failed(gate_policies.UNKNOWN.name), is_away=True)
    return replace(look, begins_minute=False)


def watch(*, grant: ViewGrant) -> ViewGrant:
    """Record a minute of a view once, before anything of it is handed out. Raises Stale if it has ended."""
    with transaction.atomic():
        locked = oversight.must_run(next(iter(locks.running_views([grant.pk])), None), of=grant)
        minute = (timezone.now() - locked.began_at) // WATCHED_EVERY + 1
        if minute > locked.minutes:
            locked.minutes = minute
            locked.save(update_fields=["minutes"])
            entry = _note(Event.VIEW_WATCHED, locked, locked.deputy, {"minute": minute})
            if entry is not None:
                services.note_minute(entry)
    return locked


def end(*, grant: ViewGrant, by: User) -> ViewGrant:
    """End one's own view. Doing it twice has one effect. Raises NotYours. Another's: `stop`."""
    with transaction.atomic():
        incident_locks.incident(grant.incident_id)
        held = locks.running_views([grant.pk])
        if by.pk != grant.deputy_id:
            raise NotYours(_("There is no such view."), subject=grant.subject)
        view_ends.end(held, actor=by.actor, how=GrantEnd.STOPPED)
    return held[0] if held else ViewGrant.objects.get(pk=grant.pk)


def stop(*, grant: ViewGrant, by: User, reason: str) -> ViewGrant:
    """End another's view at once, as a supervisor, with the reason in its entry.

    It takes this one view away and no right: to keep a person from seeing more of an incident, unassign them. Raises
    Refused for anybody else and for one's own view, Stale if it has ended, ValidationError on "reason".
    """
    with transaction.atomic():
        incident = incident_locks.incident(grant.incident_id)
        oversight.may_stop(by, grant)
        view = oversight.must_run(next(iter(locks.running_views([grant.pk])), None), of=grant)
        tidy = reasons.check(reason, incident=incident, known=[view.reason, *view.further_reasons])
        view_ends.end([view], actor=by.actor, how=GrantEnd.TAKEN, condition=gate_policies.TAKEN.name, reason=tidy)
    return view


def end_newest() -> None:
    """End the newest view of all: the last to come to a full memory sees nothing."""
    newest = gate_selectors.running().last()
    if newest is None:
        return
    with transaction.atomic():
        incident_locks.incident(newest.incident_id)
        held = locks.running_views([newest.pk])
        view_ends.end(held, actor=task_actor(SWEEPER), how=GrantEnd.FULL, condition=gate_policies.ROOM.name)


def sweep() -> int:
    """End the views whose page is gone, whose time is up, or which the gate refuses; return the number."""
    return sum(_sweep(view) for view in gate_selectors.running())


def _sweep(view: ViewGrant) -> int:
    now = timezone.now()
    if gate_services.of_grant(view, now) and decisions.still_asks(view.pk):
        return 0
    with transaction.atomic():
        incident_locks.incident(view.incident_id)
        held = locks.running_views([view.pk])
        decision = gate_services.of_grant(held[0], now) if held else Decision(None)
        how = GrantEnd.LEFT if decision else view_ends.end_of(decision.name)
        return view_ends.end(held, actor=task_actor(SWEEPER), how=how, condition=decision.name, now=now)


def _start(
    incident: Incident, camera: DeviceCamera, by: User, reason: str, *, network: str, session: bytes, more: bool
) -> ViewGrant:
    locked = incident_locks.incident(incident.pk)
    behind = locks.hold_camera(camera)
    now = timezone.now()
    gate_services.must_see(deputy=by, camera=behind, incident=locked, now=now)
    declaration = selectors.in_force(locked)
    if declaration is None:
        raise ViewRefused(gate_policies.failed("declared critical"), subject=behind.subject)
    tidy = reasons.check(reason, incident=locked)
    if running := gate_selectors.running().filter(camera=behind, deputy=by).first():
        return _same(running, locked, is_here=(running.network, bytes(running.session)) == (network, session))
    _check_room(by, locked)
    extended = more and _left(locked, behind, declaration, now) <= timedelta()
    if extended:
        reasons.must_be_new(tidy, said=gate_selectors.reasons_for(incident=locked.pk, camera=behind.camera_id))
        _allow_more(locked, behind)
    left = _left(locked, behind, declaration, now)
    if left <= timedelta():
        raise ViewRefused(gate_policies.failed("time"), subject=behind.subject)
    place = behind.camera.premises
    view = ViewGrant.objects.create(
        declaration=declaration,
        incident=locked,
        camera=behind,
        stream=streams.open_for(behind),
        deputy=by,
        reason=tidy,
        network=network,
        session=session,
        began_at=now,
        ends_at=now + left,
        premises_kind=place.kind,
        zip_code=place.zip_code,
    )
    _note_begin(view, by, extended=extended)
    transaction.on_commit(lambda: _asks(view))
    return view


def _note_begin(view: ViewGrant, by: User, *, extended: bool) -> None:
    until: dict[str, int | str] = {"ends_at": view.ends_at.isoformat()}
    glass = selectors.glass_facts(view.declaration, at=view.began_at)
    _note(Event.VIEW_STARTED, view, by, {**until, **glass}, reason=view.reason)
    if extended:
        _note(Event.VIEW_EXTENDED, view, by, until, reason=view.reason)


def _extend(grant: ViewGrant, by: User, reason: str) -> ViewGrant:
    locked = incident_locks.incident(grant.incident_id)
    if by.pk != grant.deputy_id:
        raise NotYours(_("There is no such view."), subject=grant.subject)
    if grant.camera is not None:
        locks.hold_camera(grant.camera)
    view = next(iter(locks.running_views([grant.pk])), None)
    if view is None or view.camera is None:
        raise Stale(_("This view has ended. Begin another one, with its own reason."), subject=grant.subject)
    tidy = reasons.check(reason, incident=locked, known=[view.reason, *view.further_reasons])
    _allow_more(locked, view.camera)
    ends_at = min(view.ends_at + VIEW_LIFE, view.declaration.ends_at or view.ends_at)
    if ends_at <= view.ends_at:
        sentence = _("The declaration ends at the same time. It must be renewed first.")
        raise Stale(sentence, subject=view.subject)
    view.ends_at = ends_at
    decision = gate_services.of_grant(view, timezone.now())
    if not decision:
        raise ViewRefused(decision, subject=view.subject)
    view.extensions += 1
    view.further_reasons = [*view.further_reasons, tidy]
    view.save(update_fields=["ends_at", "extensions", "further_reasons"])
    wakes.wake(view.camera.core_id)
    _note(Event.VIEW_EXTENDED, view, by, {"ends_at": ends_at.isoformat()}, reason=tidy)
    return view


def _check_room(by: User, incident: Incident) -> None:
    if gate_selectors.running().filter(deputy=by, incident=incident).count() >= GRID:
        sentence = _("You are viewing %(count)d cameras already. End one of these views first.")
        raise Stale(sentence % {"count": GRID}, subject=incident.subject)


def _same(running: ViewGrant, incident: Incident, *, is_here: bool) -> ViewGrant:
    if running.incident_id != incident.pk or not is_here:
        sentence = _(
            "You are viewing this camera already, from elsewhere or for another incident. End that view first."
        )
        raise Stale(sentence, subject=running.subject)
    return running


def _left(incident: Incident, camera: DeviceCamera, declaration: Declaration, now: datetime) -> timedelta:
    used, allowed = gate_selectors.time_of(incident=incident.pk, camera=camera.camera_id, now=now)
    to_the_end = (declaration.ends_at or now) - now
    return min(allowed - used, VIEW_LIFE, to_the_end)


def _allow_more(incident: Incident, camera: DeviceCamera) -> None:
    time, _made = ViewTime.objects.select_for_update(no_key=True).get_or_create(incident=incident, camera=camera)
    time.extensions += 1
    time.save(update_fields=["extensions"])
    # Other viewers of the camera have more time, too.
    gate_services.forget(list(gate_selectors.running().filter(camera=camera).values_list("pk", flat=True)))


def _note(
    event: Event, view: ViewGrant, by: User, facts: dict[str, int | str], *, reason: str = ""
) -> AuditEntry | None:
    if view.camera is None:
        return None
    camera = view.camera.camera
    return record_at_once(
        event=event,
        actor=by.actor,
        subject=camera.subject,
        camera=str(camera.pk),
        reason=reason,
        facts={"view": str(view.pk), **facts},
        **camera.premises.in_log,
        **view.incident.in_log,
    )


def _asks(view: ViewGrant) -> None:
    with suppress(LiveUnavailable), answering() as server:
        decisions.note_asked(server, view.pk)
