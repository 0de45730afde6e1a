"""Who looked: what the log says about a registrant's cameras (promise B1)."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from audit.models import AuditEntry
from audit.selectors import entries_of_cameras
from registry.models import Camera, Incident


def entries_about(cameras: Iterable[Camera]) -> QuerySet[AuditEntry]:
    """Return what an owner may read of these cameras, newest first."""
    return entries_of_cameras([str(camera.pk) for camera in cameras])


def incident_numbers(entries: Iterable[AuditEntry]) -> Mapping[str, str]:
    """Return the numbers of the incidents that these entries name, by id. One query."""
    ids = {entry.incident_id for entry in entries if entry.incident_id}
    return {str(pk): number for pk, number in Incident.objects.filter(pk__in=ids).values_list("pk", "number")}
