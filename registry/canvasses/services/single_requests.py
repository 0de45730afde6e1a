from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.areas import Area
from fusus_portal.ground.lifecycle import Stale
from registry.canvasses.models.canvasses import Canvass, FootageRequest, RequestCamera
from registry.canvasses.models.purposes import CanvassPurpose
from registry.canvasses.policies import canvasses
from registry.canvasses.services import request_writer
from registry.canvasses.services.findings import note_cameras
from registry.canvasses.states import TOLD, CanvassState, RequestState
from registry.incidents.models.incidents import Incident
from registry.limits.models import Limits
from registry.places.models import Camera


@dataclass(frozen=True, slots=True)
class SingleRequest:
    camera: Camera
    starts_at: datetime
    ends_at: datetime
    purpose: CanvassPurpose
    reason: str


def known(*, incident: Incident, camera: Camera) -> FootageRequest | None:
    """Return the request by which a camera's owner was asked for this incident, or None."""
    return FootageRequest.objects.filter(incident=incident, registrant=camera.premises.registrant_id).first()


def ask(*, incident: Incident, by: User, asked: SingleRequest) -> FootageRequest:
    """Ask the owner of one camera without a search, inside the caller's transaction; incident and owner are locked.

    An owner is contacted once for an incident: if an earlier request's area contains the camera, it is added there and
    no second mail is sent. Raises Stale if the area does not contain it, or the request has ended as the deputy knows.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("one owner is asked inside the transaction of the act")
    before = known(incident=incident, camera=asked.camera)
    if before is not None:
        return _add(before, incident, by, asked)
    canvass = Canvass(
        incident=incident,
        created_by=by,
        purpose=asked.purpose,
        reason=asked.reason,
        starts_at=asked.starts_at,
        ends_at=asked.ends_at,
    )
    canvasses.check_purpose(asked.purpose)
    canvass.area = Area(asked.camera.premises.point, Limits.current().smallest_radius_m)
    canvasses.check_nearby(canvass.area, incident)
    canvass.save(force_insert=True)
    sent_at = timezone.now()
    canvass.sent_by, canvass.sent_at = by, sent_at
    steps.take(canvass, CanvassState.SENT, by, facts={"owners": 1}, reason=canvass.reason)
    note_cameras(Event.CAMERA_ASKED, canvass, by.actor, [asked.camera])
    [one] = request_writer.ask(canvass=canvass, cameras=[asked.camera], actor=by.actor, sent_at=sent_at)
    return FootageRequest.objects.get(pk=one.request)


def _add(request: FootageRequest, incident: Incident, by: User, asked: SingleRequest) -> FootageRequest:
    canvass = Canvass.objects.get(pk=request.canvass_id)
    canvass.incident = incident
    point = asked.camera.premises.point
    holds = not canvass.corners and canvass.center.distance_m(point) <= canvass.radius_m
    if request.is_over(timezone.now()) or not _takes_more(request, canvass) or not holds:
        sentence = _("This owner was asked for footage of this incident before, and is asked once.")
        raise Stale(sentence, subject=incident.subject)
    if not RequestCamera.objects.filter(request=request, camera=asked.camera).exists():
        RequestCamera.objects.create(request=request, camera=asked.camera)
    note_cameras(Event.CAMERA_ASKED, canvass, by.actor, [asked.camera])
    return request


def _takes_more(request: FootageRequest, canvass: Canvass) -> bool:
    """Judge by what the deputy knows: the answers told, and if the canvass still asks (promise R4)."""
    if request.state in TOLD:
        return request.state == RequestState.FOOTAGE
    return canvass.state == CanvassState.SENT
