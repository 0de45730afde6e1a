"""Locks, always in one order: incident, then canvass, then request, then file. Registrant, then premises, then camera.

No row's key ever changes, so the locks leave foreign keys to the rows alone (FOR NO KEY UPDATE).
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import NotYours, Stale
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


def owners(pks: Iterable[UUID]) -> None:
    """Lock the registrations of whoever is about to be asked: none of them pauses or removes a camera meanwhile."""
    rows = Registrant.objects.select_for_update(no_key=True).filter(pk__in=list(pks)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def own_premises(pk: UUID, *, by: User) -> Premises:
    """Lock a person's own place, and their registration before it. Raises NotYours for anybody else's."""
    _own_registrant_of(by)
    rows = Premises.objects.select_for_update(of=("self",), no_key=True).select_related("registrant")
    locked = rows.filter(pk=pk, registrant__user=by).first()
    if locked is None:
        raise NotYours(_("There is no such place."), subject=("premises", str(pk)))
    return locked


def must_be_registered(premises: Premises) -> None:
    """Raise Stale for a place that its owner has removed meanwhile."""
    if premises.removed_at is not None:
        raise Stale(_("This place is no longer in the registry."), subject=premises.subject)


def own_camera(pk: UUID, *, by: User) -> Camera:
    """Lock a person's own camera, and their registration before it. Raises NotYours for anybody else's."""
    _own_registrant_of(by)
    locked = _cameras_of(by).filter(pk=pk).first()
    if locked is None:
        raise NotYours(_("There is no such camera."), subject=("camera", str(pk)))
    return locked


def own_cameras(registrant: UUID, *, by: User) -> list[Camera]:
    """Lock all of a person's registered cameras, in one order for all."""
    own_registrant(registrant, by=by)
    return list(_cameras_of(by).filter(removed_at__isnull=True).order_by("pk"))


def _cameras_of(by: User) -> QuerySet[Camera]:
    rows = Camera.objects.select_for_update(of=("self",), no_key=True).select_related("premises__registrant")
    return rows.filter(premises__registrant__user=by)


def _own_registrant_of(by: User) -> None:
    Registrant.objects.select_for_update(no_key=True).filter(user=by).first()
