from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import Line, record_many
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from registry.canvasses import locks
from registry.canvasses.models.approvals import LeftOut
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.services import findings as finding_services
from registry.canvasses.services import unverified_searches
from registry.canvasses.states import CanvassState
from registry.incidents import locks as incident_locks
from registry.incidents.policies import incidents
from registry.places.models import Camera

PICKABLE = (CanvassState.DRAFT, CanvassState.APPROVED)
"""A canvass that waits for approval stays as the supervisor reads it; an approved one may only be narrowed."""


def leave_out(*, canvass: Canvass, by: User, cameras: Collection[UUID], why: str) -> int:
    """Leave cameras that the canvass shows out of it; return how many were not left out before.

    why: of `LeftOut.Why`; all but "view" leave out the owner. Auditors and the people on the incident read the entry
    with cameras and reason, the owner does not: they may be involved.
    Raises ValidationError on "cameras" or "why", Refused for a person not assigned, Stale after sending.
    """
    with transaction.atomic():
        locked = _locked(canvass, by)
        if why not in LeftOut.Why.values:
            raise ValidationError({"why": _("Choose why these cameras are left out.")})
        before = set(LeftOut.objects.filter(canvass=locked).values_list("camera_id", flat=True))
        chosen = [camera for camera in _shown(locked, by, cameras) if camera.pk not in before]
        LeftOut.objects.bulk_create(
            LeftOut(canvass=locked, camera=camera, why=why, left_out_by=by) for camera in chosen
        )
        _note(Event.CANVASS_LEFT_OUT, locked, by, [(camera.pk, why) for camera in chosen])
    return len(chosen)


def put_back(*, canvass: Canvass, by: User, cameras: Collection[UUID]) -> int:
    """Put cameras back into a canvass; return how many had been left out."""
    with transaction.atomic():
        locked = _locked(canvass, by)
        rows = LeftOut.objects.filter(canvass=locked, camera__in=cameras)
        found = list(rows.values_list("camera_id", "why"))
        rows.delete()
        _note(Event.CANVASS_PUT_BACK, locked, by, found)
    return len(found)


def _locked(canvass: Canvass, by: User) -> Canvass:
    unverified_searches.hold(canvass.incident, by)
    incident = incident_locks.incident(canvass.incident_id)
    incidents.must_be_open(incident)
    incidents.may_work_on(by, incident)
    locked = locks.canvass(canvass.pk, incident=incident)
    if locked.state not in PICKABLE:
        sentence = _("Cameras are left out before a canvass is sent. This one is “%(state)s”.")
        raise Stale(sentence % {"state": locked.get_state_display()}, subject=locked.subject)
    return locked


def _shown(canvass: Canvass, by: User, wanted: Collection[UUID]) -> list[Camera]:
    findings, cameras = finding_services.findings(canvass, by=by)
    if findings.cameras is None:
        raise Refused(_("The cameras of this canvass are not shown yet."), subject=canvass.subject)
    chosen = [camera for camera in cameras if camera.pk in wanted]
    if not chosen or len(chosen) != len(set(wanted)):
        raise ValidationError({"cameras": _("Choose one or more cameras of the list.")})
    return chosen


def _note(event: Event, canvass: Canvass, by: User, cameras: list[tuple[UUID, str]]) -> None:
    record_many(
        event=event,
        actor=by.actor,
        lines=[Line(canvass.subject, facts={"left_out": str(camera), "why": why}) for camera, why in cameras],
        **canvass.in_log,
    )
