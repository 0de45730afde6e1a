"""Locks of canvasses and requests. `registry.incidents.locks` gives their order."""

from uuid import UUID

from registry.canvasses.models import Canvass, FootageRequest
from registry.incidents import locks as incident_locks
from registry.incidents.models import Incident


def canvass(pk: UUID, *, incident: Incident) -> Canvass:
    """Lock a canvass. The incident must be locked."""
    locked = Canvass.objects.select_for_update(of=("self",), no_key=True).get(pk=pk, incident=incident)
    locked.incident = incident
    return locked


def request(pk: UUID, *, incident: Incident) -> FootageRequest:
    """Lock a request; return it with its registrant and canvass. The incident must be locked."""
    rows = FootageRequest.objects.select_for_update(of=("self",), no_key=True)
    loaded = rows.select_related("registrant__user", "canvass__sent_by", "canvass__created_by")
    locked = loaded.get(pk=pk, incident=incident)
    locked.incident = incident
    return locked


def with_incident(asked: FootageRequest) -> FootageRequest:
    return request(asked.pk, incident=incident_locks.incident(asked.incident_id))
