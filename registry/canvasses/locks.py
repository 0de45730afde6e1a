"""Locks of canvasses and requests. Their order is said in `registry.incidents.locks`."""

from uuid import UUID

from registry.canvasses.models.canvasses import Canvass, FootageRequest
from registry.incidents import locks as incident_locks
from registry.incidents.models.incidents import Incident


def canvass(pk: UUID, *, incident: Incident) -> Canvass:
    """Lock a canvass of a locked incident and return it as it is now."""
    locked = Canvass.objects.select_for_update(of=("self",), no_key=True).get(pk=pk, incident=incident)
    locked.incident = incident
    return locked


def request(pk: UUID, *, incident: Incident) -> FootageRequest:
    """Lock a request of a locked incident and return it as it is now, with its registrant and canvass."""
    rows = FootageRequest.objects.select_for_update(of=("self",), no_key=True)
    loaded = rows.select_related("registrant__user", "canvass__sent_by", "canvass__created_by")
    locked = loaded.get(pk=pk, incident=incident)
    locked.incident = incident
    return locked


def with_incident(asked: FootageRequest) -> FootageRequest:
    """Lock the incident of a request, then the request; return it as `request` does."""
    return request(asked.pk, incident=incident_locks.incident(asked.incident_id))
