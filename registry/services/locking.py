"""Locks, always in one order: incident, then canvass, then request, then file. Registrant, then premises, then camera.

No row's key ever changes, so the locks leave foreign keys to the rows alone (FOR NO KEY UPDATE).
"""

from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import NotYours
from registry.models import Camera, Canvass, Evidence, FootageRequest, Incident, Premises, Registrant


def incident(pk: UUID) -> Incident:
    """Lock an incident and return it as it is now."""
    return Incident.objects.select_for_update(of=("self",), no_key=True).select_related("type").get(pk=pk)


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


def evidence(pk: UUID, *, incident: Incident) -> Evidence:
    """Lock a file that was given for a locked incident and return it as it is now, with its request and category."""
    rows = Evidence.objects.select_for_update(of=("self",), no_key=True).select_related("request", "category")
    locked = rows.get(pk=pk, request__incident=incident)
    locked.request.incident = incident
    return locked


def own_registrant(pk: UUID, *, by: User) -> Registrant:
    """Lock a person's own registration. Raises NotYours for anybody else's."""
    locked = Registrant.objects.select_for_update(no_key=True).filter(pk=pk, user=by).first()
    if locked is None:
        raise NotYours(_("There is no such registration."), subject=("registrant", str(pk)))
    return locked


def incidents_asked_about(registrant: UUID) -> list[Incident]:
    """Lock every incident that a registrant was asked about, in one order for all, and return them with their types."""
    asked = FootageRequest.objects.filter(registrant=registrant).values("incident")
    rows = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("type")
    return list(rows.filter(pk__in=asked).order_by("pk"))


def leaving_registrant(pk: UUID, *, by: User) -> Registrant:
    """Lock a person's own registration against everything, new requests to it too. Raises NotYours."""
    locked = Registrant.objects.select_for_update(of=("self",)).select_related("user").filter(pk=pk, user=by).first()
    if locked is None:
        raise NotYours(_("There is no such registration."), subject=("registrant", str(pk)))
    return locked


def own_premises(pk: UUID, *, by: User) -> Premises:
    """Lock a person's own place. Raises NotYours for anybody else's."""
    rows = Premises.objects.select_for_update(of=("self",), no_key=True).select_related("registrant")
    locked = rows.filter(pk=pk, registrant__user=by).first()
    if locked is None:
        raise NotYours(_("There is no such place."), subject=("premises", str(pk)))
    return locked


def own_camera(pk: UUID, *, by: User) -> Camera:
    """Lock a person's own camera. Raises NotYours for anybody else's."""
    rows = Camera.objects.select_for_update(of=("self",), no_key=True).select_related("premises__registrant")
    locked = rows.filter(pk=pk, premises__registrant__user=by).first()
    if locked is None:
        raise NotYours(_("There is no such camera."), subject=("camera", str(pk)))
    return locked
