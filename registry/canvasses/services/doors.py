from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.lifecycle import NotYours, Refused
from registry.canvasses import locks
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.services import findings as finding_services
from registry.incidents import locks as incident_locks
from registry.incidents.policies import incidents
from registry.places import locks as place_locks
from registry.places.models import ConfirmedBy, Premises
from registry.places.services import premises as premise_services


def confirm(*, canvass: Canvass, by: User, premises: UUID) -> Premises:
    """Record that a person at the door said that this place of the sheet is theirs.

    The entry is written whatever is known of the place, and the sheet does not change: neither reveals an answer. A
    place with another address by now is not confirmed; the deputy is not told. Raises NotYours for a place not on the
    sheet, Refused for a person not assigned, Stale once the canvass shows no cameras.
    """
    with transaction.atomic():
        incident = incident_locks.incident(canvass.incident_id)
        incidents.must_be_open(incident)
        incidents.may_work_on(by, incident)
        address = _address(locks.canvass(canvass.pk, incident=incident), by, premises)
        locked = place_locks.premises(premises)
        premise_services.note_confirmation(
            Event.DOOR_CONFIRMED, locked, by.actor, incident.in_log, canvass=str(canvass.pk)
        )
        if locked.address == address:
            premise_services.confirm(premises=locked, way=ConfirmedBy.DOOR, actor=by.actor, within=incident.in_log)
    return locked


def _address(canvass: Canvass, by: User, premises: UUID) -> Address:
    findings, _cameras = finding_services.findings(canvass, by=by)
    if findings.cameras is None:
        raise Refused(findings.hidden, subject=canvass.subject)
    for camera in findings.cameras:
        if camera.premises == premises and not camera.left_out:
            return camera.address
    raise NotYours(_("This place is not on the sheet."), subject=canvass.subject)
