"""Cameras that can be seen for an incident, each with its decision, and a view begun again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.selectors import cameras_of_actor
from audit.log.services import record_many
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale
from integration.cores.models import DeviceCamera
from integration.cores.policies import is_offline
from integration.critical import policies as critical, selectors
from integration.critical.models import Declaration
from integration.live import policies, selectors as live
from integration.live.models import ViewGrant
from integration.live.services import views
from integration.live.services.gate import ViewRefused
from registry.canvasses.services.canvasses import FOLLOWED_FOR
from registry.incidents import locks
from registry.incidents.models import Incident
from registry.incidents.policies import incidents
from registry.places.services.cameras import line_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A camera to see. decision: without a reason yet. others: viewers. own: the user's view. left: time to view."""

    camera: DeviceCamera
    decision: policies.Decision
    others: tuple[str, ...]
    own: ViewGrant | None
    left: timedelta

    @property
    def is_used_up(self) -> bool:
        return self.left <= timedelta()

    @property
    def is_offline(self) -> bool:
        return is_offline(self.camera.core, timezone.now())


def show(*, incident: Incident, by: User) -> tuple[Incident, Declaration | None, list[Offer]]:
    """Return the cameras that a person who works on an incident may see, once each has its entry (promise R5).

    While the incident is not critical, returns no declaration and no camera. Writes one entry in ten minutes for
    each camera, incident and person: opening the page again shows nothing new. Raises Refused unless assigned.
    """
    with transaction.atomic():
        locked = locks.incident(incident.pk)
        incidents.may_work_on(by, locked)
        now = timezone.now()
        declaration = selectors.in_force(locked)
        stands = critical.is_vouched_for(declaration, is_verified=locked.is_verified)
        is_open = incidents.is_open(locked) and stands
        if declaration is None or not is_open or not critical.is_in_force(declaration, now):
            return locked, None, []
        cameras = selectors.cameras_nearby(declaration)
        facts = live.facts_of_cameras(cameras, deputy=by, incident=locked, now=now)
        running = list(live.running_views().filter(camera__in=cameras))
        times = live.view_times(incident=locked.pk, cameras=[each.camera_id for each in cameras], now=now)
        offers = []
        for camera, known in zip(cameras, facts, strict=True):
            here = [view for view in running if view.camera_id == camera.pk]
            others = tuple(view.deputy.pseudonym for view in here if view.deputy_id != by.pk)
            own = next((view for view in here if (view.deputy_id, view.incident_id) == (by.pk, locked.pk)), None)
            used, allowed = times[camera.camera_id]
            offers.append(Offer(camera, policies.decide(known), others, own, allowed - used))
        _note_offered(cameras, locked, by)
    return locked, declaration, offers


def shared_again(*, incident: Incident, ended: Collection[UUID], by: User) -> list[UUID]:
    """Return those of a person's ended views that their owners allow again, once each camera has its entry."""
    waiting = live.views_ended_by_owners(by, incident, ended)
    if not waiting:
        return []
    with transaction.atomic():
        locked = locks.incident(incident.pk)
        cameras = live.device_cameras([each.camera_id for each in waiting if each.camera_id])
        facts = live.facts_of_cameras(cameras, deputy=by, incident=locked, now=timezone.now())
        allowed = [camera for camera, known in zip(cameras, facts, strict=True) if policies.decide(known)]
        _note_offered(allowed, locked, by)
    shown = {each.pk for each in allowed}
    return [each.pk for each in waiting if each.camera_id in shown]


def show_running(*, by: User) -> list[ViewGrant]:
    """Return every running view for a supervisor, once each camera that they show has its entry."""
    with transaction.atomic():
        shown = list(live.all_running_views(by))
        of_incident: dict[Incident, list[DeviceCamera]] = {}
        for view in shown:
            if view.camera is not None:
                of_incident.setdefault(view.incident, []).append(view.camera)
        for incident, cameras in of_incident.items():
            _note_offered(list(dict.fromkeys(cameras)), incident, by)
    return shown


def _note_offered(cameras: list[DeviceCamera], incident: Incident, by: User) -> None:
    since = timezone.now() - FOLLOWED_FOR
    named = cameras_of_actor(Event.VIEW_OFFERED, actor=by.actor, incident=str(incident.pk), since=since)
    record_many(
        event=Event.VIEW_OFFERED,
        actor=by.actor,
        lines=[line_of(each.camera) for each in cameras if str(each.camera_id) not in named],
        **incident.in_log,
    )


def begin_again(*, grant: ViewGrant, by: User, **viewer: Unpack[views.Viewer]) -> ViewGrant:
    """Begin another view of an ended view's camera, for the reason that the user wrote last; return the new view.

    The reason counts only under the declaration for which it was written. Raises NotYours for another's view, Stale if
    a new reason is needed, and as `views.start`.
    """
    if by.pk != grant.deputy_id:
        raise NotYours(_("There is no such view."), subject=grant.subject)
    if grant.camera is None:
        raise ViewRefused(policies.failed_decision("connected"), subject=grant.subject)
    declaration = selectors.in_force(grant.incident)
    is_another = declaration is not None and declaration.pk != grant.declaration_id
    if is_another or not policies.keeps_reason(grant.condition):
        raise Stale(_("This camera needs a new reason. Write it on the page of the cameras."), subject=grant.subject)
    reason = [grant.reason, *grant.further_reasons][-1]
    return views.start(incident=grant.incident, camera=grant.camera, by=by, reason=reason, **viewer)
