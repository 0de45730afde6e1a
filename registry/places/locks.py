"""Locks of places and cameras. Their order: `registry.incidents.locks`."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from registry.places.models import Camera, Premises
from registry.registrants.locks import own_registrant
from registry.registrants.models import Registrant


def own_premises(pk: UUID, *, by: User) -> Premises:
    """Lock a person's own place, and their registration before it. Raises NotYours for somebody else's."""
    _own_registrant_of(by)
    rows = Premises.objects.select_for_update(of=("self",), no_key=True).select_related("registrant")
    own = rows.filter(pk=pk, registrant__user=by)
    return find_or_refuse(own, _("There is no such place."), subject=("premises", str(pk)))


def unlisted_premises(pk: UUID) -> Premises:
    """Lock a place whose address the county's data lacks. Raises NotYours for any other."""
    rows = Premises.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk)
    return find_or_refuse(rows.unlisted(), _("There is no such place."), subject=("premises", str(pk)))


def premises(pk: UUID) -> Premises:
    """Lock a place, and its registration before it, for an act of somebody other than the owner. Raises NotYours."""
    registration = Registrant.objects.select_for_update(no_key=True).filter(premises=pk)
    list(registration.values_list("pk", flat=True))
    rows = Premises.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk)
    return find_or_refuse(rows, _("There is no such place."), subject=("premises", str(pk)))


def own_camera(pk: UUID, *, by: User) -> Camera:
    """Lock a person's own camera, and their registration before it. Raises NotYours for somebody else's."""
    _own_registrant_of(by)
    return find_or_refuse(_cameras_of(by).filter(pk=pk), _("There is no such camera."), subject=("camera", str(pk)))


def own_cameras(registrant: UUID, *, by: User) -> list[Camera]:
    """Lock all of a person's registered cameras, in one order for all."""
    own_registrant(registrant, by=by)
    return list(_cameras_of(by).filter(removed_at__isnull=True).order_by("pk"))


def _cameras_of(by: User) -> QuerySet[Camera]:
    rows = Camera.objects.select_for_update(of=("self",), no_key=True).select_related("premises__registrant")
    return rows.filter(premises__registrant__user=by)


def _own_registrant_of(by: User) -> None:
    Registrant.objects.select_for_update(no_key=True).filter(user=by).first()
