"""Locks of files. Their order is said in `registry.incidents.locks`."""

from uuid import UUID

from registry.footage.models.files import Evidence
from registry.incidents.models.incidents import Incident


def evidence(pk: UUID, *, incident: Incident) -> Evidence:
    """Lock a file that was given for a locked incident and return it as it is now, with its request and category."""
    rows = Evidence.objects.select_for_update(of=("self",), no_key=True).select_related("request", "category")
    locked = rows.get(pk=pk, request__incident=incident)
    locked.request.incident = incident
    return locked
