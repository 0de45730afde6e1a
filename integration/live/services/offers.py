"""Cameras that can be seen now for an incident: connected, inside the circle, each with the decision of the gate."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.selectors import cameras_of_actor
from audit.log.services import record_many
from fusus_portal.ground.accounts.models import User
from integration.cores.models import DeviceCamera
from integration.critical import selectors
from integration.critical.models import Declaration
from integration.critical.policies import declarations
from integration.live.models import ViewGrant
from integration.live.policies import gate as gate_policies
from integration.live.policies.gate import Decision
from integration.live.selectors import gate as gate_selectors
from integration.live.selectors import live_views
from registry.canvasses.services.canvasses import FOLLOWED_FOR
from registry.incidents import locks
from registry.incidents.models import Incident
from registry.incidents.policies import incidents
from registry.places.services.cameras import line_of


@dataclass(frozen=True, slots=True)
class Offer:
    """One camera. decision: before a reason is given. own: the person's running view. left: of its time."""

    camera: DeviceCamera
    decision: Decision
    others: tuple[str, ...]
    own: ViewGrant | None
    left: timedelta

    @property
    def is_used_up(self) -> bool:
        return self.left <= timedelta()


@dataclass(frozen=True, slots=True)
class Offered:
    """Cameras for an incident. declaration: None, and no cameras, while it is not critical."""

    incident: Incident
    declaration: Declaration | None
    offers: tuple[Offer, ...]


def show(*, incident: Incident, by: User) -> Offered:
    """Return the cameras that a person who works on an incident may see, once each has its entry (promise R5).

    One entry in ten minutes for each camera, incident and person: a page that is opened again shows nothing new. Raises
    Refused for a person not assigned.
    """
    with transaction.atomic():
        locked = locks.incident(incident.pk)
        incidents.may_work_on(by, locked)
        now = timezone.now()
        declaration = selectors.in_force(locked)
        stands = declarations.has_second_word(declaration, is_verified=locked.is_verified)
        is_open = incidents.is_open(locked) and stands
        if declaration is None or not is_open or not declarations.is_in_force(declaration, now):
            return Offered(locked, None, ())
        cameras = gate_selectors.connected_nearby(declaration)
        facts = gate_selectors.facts_of_cameras(cameras, deputy=by, incident=locked, now=now)
        running = list(gate_selectors.running().filter(camera__in=cameras))
        times = gate_selectors.times_of(incident=locked.pk, cameras=[each.camera_id for each in cameras], now=now)
        offers = tuple(
            Offer(
                camera,
                gate_policies.decide(known),
                _others(running, camera, by),
                _own(running, camera, locked, by),
                times[camera.camera_id][1] - times[camera.camera_id][0],
            )
            for camera, known in zip(cameras, facts, strict=True)
        )
        _note(cameras, locked, by)
    return Offered(locked, declaration, offers)


def show_running(*, by: User) -> list[ViewGrant]:
    """Return every running view for a supervisor, once each camera that they show has its entry."""
    with transaction.atomic():
        shown = list(live_views.all_running(by))
        of_incident: dict[Incident, list[DeviceCamera]] = {}
        for view in shown:
            if view.camera is not None:
                of_incident.setdefault(view.incident, []).append(view.camera)
        for incident, cameras in of_incident.items():
            _note(list(dict.fromkeys(cameras)), incident, by)
    return shown


def _others(running: list[ViewGrant], camera: DeviceCamera, by: User) -> tuple[str, ...]:
    views = (view for view in running if view.camera_id == camera.pk)
    return tuple(view.deputy.pseudonym for view in views if view.deputy_id != by.pk)


def _own(running: list[ViewGrant], camera: DeviceCamera, incident: Incident, by: User) -> ViewGrant | None:
    own = (view for view in running if view.camera_id == camera.pk and view.deputy_id == by.pk)
    return next((view for view in own if view.incident_id == incident.pk), None)


def _note(cameras: list[DeviceCamera], incident: Incident, by: User) -> None:
    since = timezone.now() - FOLLOWED_FOR
    named = cameras_of_actor(Event.VIEW_OFFERED, actor=by.actor, incident=str(incident.pk), since=since)
    record_many(
        event=Event.VIEW_OFFERED,
        actor=by.actor,
        lines=[line_of(each.camera) for each in cameras if str(each.camera_id) not in named],
        **incident.in_log,
    )
