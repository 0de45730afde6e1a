"""Lock of an incident, and the order of all locks.

All locks are taken in one order: incident, canvass, request, file; registrant, premises, camera. No row's key ever
changes, so the locks do not block foreign keys to the rows (FOR NO KEY UPDATE).
"""

from uuid import UUID

from registry.incidents.models.incidents import Incident


def incident(pk: UUID) -> Incident:
    return Incident.objects.select_for_update(of=("self",), no_key=True).select_related("type").get(pk=pk)
