"""The lock of an incident.

All locks are taken in one order: incident, canvass, request, file; registrant, premises, camera. No row's key ever
changes, so the locks leave foreign keys to the rows alone (FOR NO KEY UPDATE).
"""

from uuid import UUID

from registry.incidents.models.incidents import Incident


def incident(pk: UUID) -> Incident:
    """Lock an incident and return it as it is now."""
    return Incident.objects.select_for_update(of=("self",), no_key=True).select_related("type").get(pk=pk)
