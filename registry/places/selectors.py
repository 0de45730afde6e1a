from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.lifecycle import find_or_refuse
from registry.places.models import AddressKey, Camera, Confirmation, Premises, PremisesQuerySet
from registry.registrants.models import Registrant


def premises_of(registrant: Registrant) -> QuerySet[Premises]:
    """Return a registrant's places with their registered cameras, oldest first. Two queries."""
    cameras = Camera.objects.registered().order_by("added_at", "pk")
    places = registrant.premises.registered().order_by("added_at", "pk")
    return places.prefetch_related(Prefetch("cameras", queryset=cameras))


def confirmed(at: datetime | Combinable, *, premises: str = "pk") -> Exists:
    """Return the condition that a place was confirmed at a time. premises: the query's column of the place's id."""
    still = Q(ended_at=None) | Q(ended_at__gt=at)
    return Exists(Confirmation.objects.filter(still, premises=OuterRef(premises), confirmed_at__lte=at))


def is_confirmed(premises: Premises) -> bool:
    return Confirmation.objects.filter(premises=premises, ended_at__isnull=True).exists()


def confirmations_of(places: Iterable[Premises]) -> Mapping[UUID, str]:
    rows = Confirmation.objects.filter(premises__in=list(places), ended_at__isnull=True)
    return {row.premises_id: row.get_way_display() for row in rows}


def at_address(registrant: Registrant, address: Address) -> QuerySet[Premises]:
    key = AddressKey(Value(address.street), Value(address.zip_code))
    return registrant.premises.registered().annotate(key=AddressKey("street", "zip_code")).filter(key=key)


def cameras_at(premises: Premises) -> QuerySet[Camera]:
    return Camera.objects.registered().filter(premises=premises).order_by("added_at", "pk")


def cameras_in_log(premises: Premises) -> QuerySet[Camera]:
    """Return the cameras by which an owner reads entries about a place: registered ones, else removed ones."""
    registered = cameras_at(premises)
    return registered if registered.exists() else Camera.objects.filter(premises=premises).order_by("added_at", "pk")


def all_cameras_of(registrant: Registrant) -> QuerySet[Camera]:
    """Return a registrant's cameras, removed ones too: their owner can still read who looked."""
    return Camera.objects.filter(premises__registrant=registrant).order_by("added_at", "pk")


def unlisted() -> PremisesQuerySet:
    """Return the places whose address the county's data lacks, oldest first; only those that ever had a camera."""
    return Premises.objects.unlisted().order_by("added_at", "pk")


def unlisted_premises(pk: UUID) -> Premises:
    """Return a place whose address the county's data lacks. Raises NotYours."""
    found = Premises.objects.unlisted().filter(pk=pk)
    return find_or_refuse(found, _("There is no such place."), subject=("premises", str(pk)))


def premises(by: User, pk: UUID) -> Premises:
    """Return one of a person's own places. Raises NotYours."""
    found = Premises.objects.registered().filter(pk=pk, registrant__user=by).select_related("registrant")
    return find_or_refuse(found, _("There is no such place."), subject=("premises", str(pk)))


def camera(by: User, pk: UUID) -> Camera:
    """Return one of a person's own registered cameras. Raises NotYours."""
    own = Camera.objects.registered().filter(pk=pk, premises__registrant__user=by)
    found = own.select_related("premises__registrant")
    return find_or_refuse(found, _("There is no such camera."), subject=("camera", str(pk)))


def camera_by_id(pk: UUID) -> Camera:
    """Return a camera with its place, for an act that checks who may name it. Raises NotYours."""
    found = Camera.objects.filter(pk=pk).select_related("premises")
    return find_or_refuse(found, _("There is no such camera."), subject=("camera", str(pk)))
