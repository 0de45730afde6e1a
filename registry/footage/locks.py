"""Lock of files. `registry.incidents.locks` gives its order."""

from uuid import UUID

from registry.footage.models import Evidence
from registry.incidents.models import Incident


def evidence(pk: UUID, *, incident: Incident) -> Evidence:
    """Lock a file; return it with its request and category. The incident must be locked."""
    rows = Evidence.objects.select_for_update(of=("self",), no_key=True).select_related("request", "category")
    locked = rows.get(pk=pk, request__incident=incident)
    locked.request.incident = incident
    return locked
