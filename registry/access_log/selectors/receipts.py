from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import entries_about
from fusus_portal.ground.queries import find_or_refuse
from registry.access_log.selectors import looks
from registry.access_log.selectors.delays import withheld_from
from registry.canvasses.models.canvasses import FootageRequest
from registry.footage.models.files import Evidence
from registry.people.models import Registrant
from registry.places.models import Camera

OF_REQUEST = (Event.REQUEST_SENT,)
OF_FILES = (Event.EVIDENCE_RECEIVED, Event.EVIDENCE_DELETED)


def of_request(request: FootageRequest, registrant: Registrant) -> list[AuditEntry]:
    """Return the entries of what was asked, received and deleted, oldest first: one for each file and act.

    Deleting a file leaves one entry for each camera; the others are in the owner's own list of looks.
    """
    files = [file.subject for file in Evidence.objects.filter(request=request)]
    entries = [*entries_about([request.subject], OF_REQUEST), *entries_about(files, OF_FILES)]
    withheld = withheld_from(registrant)
    first = {(entry.event, entry.subject_id): entry for entry in reversed(entries) if not withheld.hides(entry)}
    return sorted(first.values(), key=lambda entry: entry.pk)


def of_camera(cameras: Iterable[Camera], registrant: Registrant, camera: UUID, number: int) -> AuditEntry:
    """Return the entry of this number about one of these cameras, or its owner's name. Raises NotYours."""
    found = looks.entries_about(cameras, registrant).filter(camera_id=str(camera), camera_number=number)
    return find_or_refuse(found, _("There is no such entry about a camera of yours."), subject=("camera", str(camera)))
