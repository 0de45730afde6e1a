from django.db import transaction

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.services import unverified_searches
from registry.canvasses.services.findings import note_cameras, owners_of
from registry.footage import locks, selectors
from registry.footage.models.files import Evidence
from registry.footage.policies import footage, retention
from registry.incidents import locks as incident_locks
from registry.places.models import Camera


def show_place(*, evidence: Evidence, by: User) -> list[Camera]:
    """Return the camera of a file with its premises as asked about; all of its request if none is named.

    Each showing of each camera is an entry. An owner who left has no camera here. Raises Refused for a person not
    assigned, and for more owners than an unverified incident may show; Stale for a deleted file.
    """
    with unverified_searches.flagged(by), transaction.atomic():
        unverified_searches.hold(evidence.request.incident, by)
        incident = incident_locks.incident(evidence.request.incident_id)
        footage.may_view(by, evidence)
        retention.must_be_there(locks.evidence(evidence.pk, incident=incident))
        canvass = Canvass.objects.get(pk=evidence.request.canvass_id)
        canvass.incident = incident
        cameras = selectors.recorded_by(evidence, canvass)
        owners = owners_of(cameras)
        unverified_searches.may_see(canvass, by, owners)
        unverified_searches.note_sights(incident, by, owners)
        if cameras:
            note_cameras(Event.CAMERA_SHOWN, canvass, by.actor, cameras)
        else:
            record(event=Event.EVIDENCE_OPENED, actor=by.actor, subject=evidence.subject, **incident.in_log)
    return cameras
