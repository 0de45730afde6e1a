"""Views: begun with a reason, recorded minute by minute, extended with another reason, ended at once."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias, TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record, record_at_once, record_many
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.database.writing import in_batches
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from integration.cores.models import DeviceCamera
from integration.critical import policies as critical, selectors as critical_selectors
from integration.critical.models import Declaration
from integration.live import locks, policies, selectors as live
from integration.live.models import GrantEnd, ViewGrant, ViewTime
from integration.live.services import gate as gate_services, streams
from integration.live.states import GrantState
from integration.live.video import connection, decisions, relays, store
from integration.rules import GRID, VIEW_LIFE, WATCHED_EVERY
from integration.watch_hours import services
from registry.access_log.selectors import delays_running
from registry.incidents import locks as incident_locks
from registry.incidents.models import Incident
from registry.places.services.cameras import line_of

TIME_CONDITIONS = frozenset({"time", "running"})
"""Conditions that end a view because its time is up. Any other condition takes the view away."""


def _end_views(
    views: Sequence[ViewGrant],
    *,
    actor: Actor,
    how: GrantEnd,
    condition: str = "",
    reason: str = "",
    now: datetime | None = None,
) -> int:
    """End locked views; return the number. condition: what failed, or "". reason: of a supervisor who ended it."""
    at = now or timezone.now()
    streams.hold(view.stream_id for view in views)
    for view in views:
        view.end, view.condition = how, condition
        _end_view(view, actor, reason, at)
    for stream in {view.stream_id: view.stream for view in views}.values():
        streams.close_unseen(stream)
    gate_services.forget([view.pk for view in views])
    return len(views)


def end_refused_views(
    *,
    actor: Actor,
    cameras: Iterable[UUID] | None = None,
    registrant: UUID | None = None,
    incident: UUID | None = None,
    deputy: UUID | None = None,
) -> None:
    """End refused views, as `PermissionChanged` says. Asks the gate again, so that no act repeats its rules."""
    found = live.running_views()
    if cameras is not None:
        found = found.filter(camera__camera__in=list(cameras))
    if registrant is not None:
        found = found.filter(camera__camera__premises__registrant=registrant)
    if incident is not None:
        found = found.filter(incident=incident)
    if deputy is not None:
        found = found.filter(deputy=deputy)
    now, views = timezone.now(), locks.running_views([view.pk for view in found])
    for view in views:
        decision = gate_services.of_grant(view, now)
        if not decision:
            _end_views([view], actor=actor, how=_end_by_condition(decision.name), condition=decision.name, now=now)
    gate_services.forget([view.pk for view in views])


def _end_by_condition(condition: str) -> GrantEnd:
    return GrantEnd.OVER if condition in TIME_CONDITIONS else GrantEnd.REFUSED


def _end_view(view: ViewGrant, actor: Actor, reason: str, at: datetime) -> None:
    rule = steps.check(view, GrantState.ENDED, actor)
    view.state = GrantState.ENDED
    # A late task adds no time in which nothing could be seen.
    view.ended_at = max(view.began_at, min(at, view.ends_at))
    with suppress(connection.LiveUnavailable):
        view.sent_bytes = store.sent(view.pk)
    view.save(update_fields=["state", "end", "condition", "ended_at", "sent_bytes"])
    facts: dict[str, int | str] = {
        "view": str(view.pk),
        "end": str(view.end),
        "seconds": int((view.ended_at - view.began_at).total_seconds()),
        "minutes": view.minutes,
        "bytes": view.sent_bytes,
    }
    if view.condition:
        facts["condition"] = view.condition
    camera = view.camera
    line = line_of(camera.camera) if camera else None
    record(
        event=Event(rule.event),
        actor=actor,
        subject=line.subject if line else view.subject,
        camera=line.camera if line else "",
        premises_type=view.premises_kind,
        area=view.zip_code[:5],
        reason=reason,
        facts=facts,
        **view.incident.in_log,
    )


SWEEPER = "integration.sweep_views"


class Viewer(TypedDict):
    """Place of a viewer. network: the address. session: digest of the sign-in. A view works only from there."""

    network: str
    session: bytes


Refusal: TypeAlias = gate_services.ViewRefused | Stale | ValidationError
Answer: TypeAlias = tuple[DeviceCamera, ViewGrant | Refusal]
"""A camera with its view, or with the refusal of it."""


def start(
    *, incident: Incident, camera: DeviceCamera, by: User, reason: str, more: bool = False, **viewer: Unpack[Viewer]
) -> ViewGrant:
    """Begin a view of one camera; return it. more, viewer: as of `start_wall`.

    Raises ViewRefused with the sentence of the condition that fails, ValidationError on "reason", Stale if the viewer
    has as many views as one person may.
    """
    wanted = {camera.pk} if more else ()
    [(_camera, found)] = start_wall(incident=incident, cameras=[camera], by=by, reason=reason, more=wanted, **viewer)
    if isinstance(found, Exception):
        raise found
    return found


def start_wall(
    *,
    incident: Incident,
    cameras: Sequence[DeviceCamera],
    by: User,
    reason: str,
    more: Collection[UUID] = (),
    **viewer: Unpack[Viewer],
) -> list[Answer]:
    """Begin views of several cameras; return an answer for each, in their order. One owner's no stops no other view.

    The entries of all are committed before a CORE is told to send video (promise R5). more: ids of cameras whose time
    may be used up, so that the reason says why more is needed. Raises ValidationError on "reason" if no view began.
    """
    gone = policies.failed_decision("connected")
    answers: dict[UUID, ViewGrant | Refusal] = {
        each.pk: gate_services.ViewRefused(gone, subject=each.subject) for each in cameras
    }
    with transaction.atomic():
        locked = incident_locks.incident(incident.pk)
        held = locks.hold_cameras(cameras)
        wall = _Wall(incident=locked, cameras=held, by=by, reason=reason, more=more, viewer=viewer)
        for camera in wall.cameras:
            try:
                answers[camera.pk] = wall.view_of(camera)
            except (gate_services.ViewRefused, Stale, ValidationError) as refused:
                answers[camera.pk] = refused
        wall.begin()
    for camera in cameras:
        if condition := _condition(answers[camera.pk]):
            gate_services.note_refusal_before(condition, by=by, camera=camera, incident=incident)
    if all(isinstance(each, Exception) for each in answers.values()):
        for each in answers.values():
            if isinstance(each, ValidationError):
                raise each
    return [(camera, answers[camera.pk]) for camera in cameras]


def _condition(answer: ViewGrant | Refusal) -> str:
    """Return the name of the condition that an entry of a refusal gives, "" if the answer leaves none."""
    if isinstance(answer, gate_services.ViewRefused):
        return answer.condition
    return "reason" if isinstance(answer, ValidationError) else ""


def extend(*, grant: ViewGrant, by: User, reason: str) -> ViewGrant:
    """Extend a view by half an hour, within the declaration. Raises NotYours, Stale, ViewRefused, ValidationError."""
    try:
        with transaction.atomic():
            return _extend(grant, by, reason)
    except gate_services.ViewRefused as refused:
        gate_services.note_refusal(refused.condition, by=by, view=grant.pk)
        raise


def ask(*, grant: UUID, user: User, **viewer: Unpack[Viewer]) -> gate_services.Look:
    """Return a `Look` at a view once the entry of its minute is committed, else one without video. Raises NotYours."""
    return begun(gate_services.look(grant=grant, user=user, **viewer), grant)


def begun(look: gate_services.Look, grant: UUID) -> gate_services.Look:
    """Return a look once the entry of the minute that it begins is committed; if that fails, one without video."""
    try:
        if look.begins_minute:
            try:
                watch(grant=ViewGrant(pk=grant))
            except Stale:
                over = live.views_with_facts().get(pk=grant)
                return gate_services.Look(gate_services.of_grant(over, timezone.now()))
    except DatabaseError:
        return gate_services.Look(policies.failed_decision(policies.UNKNOWN.name), is_away=True)
    return replace(look, begins_minute=False)


def watch(*, grant: ViewGrant) -> ViewGrant:
    """Record a minute of a view once, before any picture of it is handed out. Raises Stale if the view has ended."""
    with transaction.atomic():
        locked = policies.must_be_running(locks.watched_view(grant), of=grant)
        minute = (timezone.now() - locked.began_at) // WATCHED_EVERY + 1
        if minute > locked.minutes:
            locked.minutes = minute
            locked.save(update_fields=["minutes"])
            entry = _note(Event.VIEW_WATCHED, locked, locked.deputy, {"minute": minute})
            if entry is not None:
                services.note_minute(entry)
    return locked


def end(*, grant: ViewGrant, by: User) -> ViewGrant:
    """End one's own view. Doing it twice has one effect. Raises NotYours; `stop` ends another's."""
    with transaction.atomic():
        incident_locks.incident(grant.incident_id)
        held = locks.running_views([grant.pk])
        if by.pk != grant.deputy_id:
            raise NotYours(_("There is no such view."), subject=grant.subject)
        _end_views(held, actor=by.actor, how=GrantEnd.STOPPED)
    return held[0] if held else ViewGrant.objects.get(pk=grant.pk)


def stop(*, grant: ViewGrant, by: User, reason: str) -> ViewGrant:
    """End another's view at once, as a supervisor, with the reason in its entry.

    It ends this one view, and takes no right away: to keep a person from seeing more of an incident, unassign them.
    Raises Refused for anybody else and for one's own view, Stale if the view has ended, ValidationError on "reason".
    """
    with transaction.atomic():
        incident = incident_locks.incident(grant.incident_id)
        policies.may_stop_view(by, grant)
        view = policies.must_be_running(locks.running_view(grant), of=grant)
        tidy = critical.check_fresh_reason(reason, incident=incident, known=[view.reason, *view.further_reasons])
        _end_views([view], actor=by.actor, how=GrantEnd.TAKEN, condition=policies.TAKEN.name, reason=tidy)
    return view


def end_newest() -> None:
    """End the newest view of all when memory is full, so that the others keep running."""
    newest = live.running_views().last()
    if newest is None:
        return
    with transaction.atomic():
        incident_locks.incident(newest.incident_id)
        held = locks.running_views([newest.pk])
        _end_views(held, actor=task_actor(SWEEPER), how=GrantEnd.FULL, condition=policies.ROOM.name)


def sweep() -> int:
    """End views whose page stopped asking, whose time is up, or which the gate refuses; return the number."""
    return sum(_sweep(view) for view in live.running_views())


def _sweep(view: ViewGrant) -> int:
    now = timezone.now()
    if gate_services.of_grant(view, now) and decisions.still_asks(view.pk):
        return 0
    with transaction.atomic():
        incident_locks.incident(view.incident_id)
        held = locks.running_views([view.pk])
        decision = gate_services.of_grant(held[0], now) if held else policies.Decision(None)
        how = GrantEnd.LEFT if decision else _end_by_condition(decision.name)
        return _end_views(held, actor=task_actor(SWEEPER), how=how, condition=decision.name, now=now)


class _Wall:
    """Views of locked cameras that begin together. What they share is read once, so that nine begin as soon as one."""

    def __init__(
        self,
        *,
        incident: Incident,
        cameras: Sequence[DeviceCamera],
        by: User,
        reason: str,
        more: Collection[UUID],
        viewer: Viewer,
    ) -> None:
        self.incident, self.cameras, self.by, self.more, self.viewer = incident, cameras, by, more, viewer
        self.now = timezone.now()
        self.decisions = gate_services.of_cameras(cameras, deputy=by, incident=incident, now=self.now)
        self.declaration = critical_selectors.in_force(incident)
        self.reason, self.wrong = "", None
        try:
            self.reason = critical.check_fresh_reason(reason, incident=incident)
        except ValidationError as wrong:
            self.wrong = wrong
        self.times = live.view_times(incident=incident.pk, cameras={each.camera_id for each in cameras}, now=self.now)
        own = list(live.running_views().filter(deputy=by))
        self.running = {view.camera_id: view for view in own}
        self.room = GRID - sum(view.incident_id == incident.pk for view in own)
        self.begun: list[tuple[DeviceCamera, ViewGrant]] = []
        self.extended: list[tuple[DeviceCamera, ViewGrant]] = []

    def view_of(self, camera: DeviceCamera) -> ViewGrant:
        """Return the viewer's running view of a camera, or a new one, which `begin` saves. Raises as `start`."""
        if not (decision := self.decisions[camera.pk]):
            raise gate_services.ViewRefused(decision, subject=camera.subject)
        if self.declaration is None:
            raise gate_services.ViewRefused(policies.failed_decision("declared critical"), subject=camera.subject)
        if self.wrong is not None:
            raise self.wrong
        if running := self.running.get(camera.pk):
            return self._same(running)
        if len(self.begun) >= self.room:
            sentence = _("You are viewing %(count)d cameras already. End one of these views first.")
            raise Stale(sentence % {"count": GRID}, subject=self.incident.subject)
        return self._new(camera, self.declaration)

    def begin(self) -> None:
        """Save the new views with their streams and entries."""
        for camera, _view in self.extended:
            _allow_more(self.incident, camera)
        opened = streams.open_for([camera for camera, _view in self.begun])
        for camera, view in self.begun:
            view.stream = opened[camera.pk]
        new = ViewGrant.objects.bulk_create([view for _camera, view in self.begun])
        glass = critical_selectors.glass_facts(self.declaration, at=self.now) if self.declaration else {}
        self._note(Event.VIEW_STARTED, self.begun, glass)
        self._note(Event.VIEW_EXTENDED, self.extended, {})
        transaction.on_commit(lambda: _ask(new))

    def _new(self, camera: DeviceCamera, declaration: Declaration) -> ViewGrant:
        used, allowed = self.times[camera.camera_id]
        to_the_end = (declaration.ends_at or self.now) - self.now
        is_extended = camera.pk in self.more and min(allowed - used, to_the_end) <= timedelta()
        if is_extended:
            said = live.view_reasons(incident=self.incident.pk, camera=camera.camera_id)
            critical.check_new_words(self.reason, said=said)
            allowed += VIEW_LIFE
        left = min(allowed - used, VIEW_LIFE, to_the_end)
        if left <= timedelta():
            raise gate_services.ViewRefused(policies.failed_decision("time"), subject=camera.subject)
        place = camera.camera.premises
        view = ViewGrant(
            declaration=declaration,
            incident=self.incident,
            camera=camera,
            deputy=self.by,
            reason=self.reason,
            began_at=self.now,
            ends_at=self.now + left,
            premises_kind=place.kind,
            zip_code=place.zip_code,
            **self.viewer,
        )
        self.begun.append((camera, view))
        if is_extended:
            self.extended.append((camera, view))
        return view

    def _same(self, running: ViewGrant) -> ViewGrant:
        here = (self.viewer["network"], self.viewer["session"])
        if running.incident_id != self.incident.pk or (running.network, bytes(running.session)) != here:
            sentence = _(
                "You are viewing this camera already, from elsewhere or for another incident. End that view first."
            )
            raise Stale(sentence, subject=running.subject)
        return running

    def _note(self, event: Event, views: Sequence[tuple[DeviceCamera, ViewGrant]], facts: dict[str, int | str]) -> None:
        lines = [
            line_of(camera.camera, facts={"view": str(view.pk), "ends_at": view.ends_at.isoformat(), **facts})
            for camera, view in views
        ]
        if lines:
            record_many(event=event, actor=self.by.actor, lines=lines, reason=self.reason, **self.incident.in_log)


def _extend(grant: ViewGrant, by: User, reason: str) -> ViewGrant:
    locked = incident_locks.incident(grant.incident_id)
    if by.pk != grant.deputy_id:
        raise NotYours(_("There is no such view."), subject=grant.subject)
    if grant.camera is not None:
        locks.hold_camera(grant.camera)
    view = locks.running_view(grant)
    if view is None or view.camera is None:
        raise Stale(_("This view has ended. Begin another one, with its own reason."), subject=grant.subject)
    tidy = critical.check_fresh_reason(reason, incident=locked, known=[view.reason, *view.further_reasons])
    _allow_more(locked, view.camera)
    ends_at = min(view.ends_at + VIEW_LIFE, view.declaration.ends_at or view.ends_at)
    if ends_at <= view.ends_at:
        sentence = _("The declaration ends at the same time. It must be renewed first.")
        raise Stale(sentence, subject=view.subject)
    view.ends_at = ends_at
    decision = gate_services.of_grant(view, timezone.now())
    if not decision:
        raise gate_services.ViewRefused(decision, subject=view.subject)
    view.extensions += 1
    view.further_reasons = [*view.further_reasons, tidy]
    view.save(update_fields=["ends_at", "extensions", "further_reasons"])
    relays.wake(view.camera.core_id)
    _note(Event.VIEW_EXTENDED, view, by, {"ends_at": ends_at.isoformat()}, reason=tidy)
    return view


def _allow_more(incident: Incident, camera: DeviceCamera) -> None:
    time, _made = ViewTime.objects.select_for_update(no_key=True).get_or_create(incident=incident, camera=camera)
    time.extensions += 1
    time.save(update_fields=["extensions"])
    # Other viewers of the camera have more time, too.
    gate_services.forget(list(live.running_views().filter(camera=camera).values_list("pk", flat=True)))


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


def _ask(views: Iterable[ViewGrant]) -> None:
    with suppress(connection.LiveUnavailable), connection.answering() as server:
        for view in views:
            decisions.note_asked(server, view.pk)


TELLER = "integration.tell_views"
AT_ONCE = 200


@in_batches
def notify_owners() -> int:
    """Write to the owners of cameras whose view has ended (promise B1); return the number. Once for each view.

    While a supervisor delays what owners read about the incident, its messages wait. No setting of an owner stops them.
    """
    delayed = delays_running(timezone.now()).filter(
        incident=OuterRef("incident"), registrant=OuterRef("camera__camera__premises__registrant")
    )
    ended = ViewGrant.objects.filter(state=GrantState.ENDED, told_at__isnull=True, camera__isnull=False)
    untold = ended.filter(~Exists(delayed)).order_by("ended_at", "pk")
    rows = untold.select_for_update(of=("self",), no_key=True, skip_locked=True)
    grants = list(rows.select_related("camera__camera__premises__registrant__user")[:AT_ONCE])
    # In the transaction of the messages: each owner is told once.
    ViewGrant.objects.filter(pk__in=[grant.pk for grant in grants]).update(told_at=timezone.now())
    notifications.send_many(kind=MessageKind.LIVE_VIEWED, letters=[_letter_after(grant) for grant in grants])
    return len(grants)


def _letter_after(grant: ViewGrant) -> Letter:
    if grant.camera is None:
        raise ValueError("nobody is left to be told of this view")
    camera = grant.camera.camera
    return Letter(camera.premises.registrant, grant.subject, {"view": str(grant.pk), "camera": camera.name})
