"""The places of a registrant, and the pins on them."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from fusus_portal.geo import (
    Address,
    AddressNotFound,
    Geocoded,
    GeocoderUnavailable,
    Point,
    Precision,
    county_at,
    geocode,
    own_county,
)
from registry.models import Premises, Registrant
from registry.policies import places
from registry.services import locking


@dataclass(frozen=True, slots=True)
class Place:
    """A place as a person describes it.

    kind: home, business or other. pin: where the person put it on the map, if they did.
    confirmed: the person says that a pin close to the county line is right.
    """

    kind: str
    address: Address
    pin: Point | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    """Where a place is: its point, how exactly that is known, and the FIPS code of its county."""

    point: Point
    precision: Precision
    county_fips: str


def locate(place: Place) -> Location:
    """Return where a place is. Asks the geocoder, so it is called before the transaction.

    Raises ValidationError by field: street, zip_code, pin or confirmed.
    """
    point, precision = spot(place)
    places.check_inside(point, field="zip_code" if place.pin is None else "pin")
    if precision != Precision.AREA:
        places.check_confirmed(point, confirmed=place.confirmed)
    county = county_at(point)
    return Location(point, precision, county.fips if county else own_county().fips)


def spot(place: Place) -> tuple[Point, Precision]:
    """Return the point of a place wherever in the country it is, and how exactly it is known.

    Asks the geocoder, so it is called before the transaction. Raises ValidationError by field: street, zip_code or pin.
    """
    found = _geocoded(place.address)
    if place.pin is None:
        return found.point, found.precision
    places.check_pin(place.pin, address=found)
    return place.pin, Precision.PINNED


def add(*, registrant: Registrant, by: User, place: Place) -> Premises:
    """Add a place to a registration. Raises ValidationError by field, NotYours for another's registration."""
    located = locate(place)
    with transaction.atomic():
        locked = locking.own_registrant(registrant.pk, by=by)
        return write(registrant=locked, place=place, located=located, actor=by.actor)


def place(*, premises: Premises, by: User, pin: Point, confirmed: bool = False) -> Premises:
    """Move a place's pin. Raises ValidationError on "pin" or "confirmed", NotYours for another's place."""
    described = Place(kind=premises.kind, address=premises.address, pin=pin, confirmed=confirmed)
    located = locate(described)
    with transaction.atomic():
        locked = locking.own_premises(premises.pk, by=by)
        _set(locked, located)
        locked.placed_at = timezone.now()
        locked.save(update_fields=["latitude", "longitude", "precision", "county_fips", "placed_at"])
        record(
            event=Event.PREMISES_PLACED,
            actor=by.actor,
            subject=locked.subject,
            premises_type=locked.kind,
            area=locked.zip_code[:5],
            facts={"precision": str(located.precision)},
        )
    return locked


def write(*, registrant: Registrant, place: Place, located: Location, actor: Actor) -> Premises:
    """Write a new place and its entry, inside the caller's transaction."""
    address = place.address
    premises = Premises(
        registrant=registrant,
        kind=place.kind,
        street=address.street.strip(),
        city=address.city.strip(),
        state=address.state.strip().upper(),
        zip_code=address.zip_code.strip(),
    )
    _set(premises, located)
    premises.full_clean(exclude=["registrant"], validate_unique=False)
    premises.save(force_insert=True)
    record(
        event=Event.PREMISES_ADDED,
        actor=actor,
        subject=premises.subject,
        premises_type=premises.kind,
        area=premises.zip_code[:5],
        facts={"precision": str(located.precision)},
    )
    return premises


def _set(premises: Premises, located: Location) -> None:
    premises.latitude, premises.longitude = located.point.latitude, located.point.longitude
    premises.precision, premises.county_fips = located.precision, located.county_fips


def _geocoded(address: Address) -> Geocoded:
    if not address.street.strip():
        raise ValidationError({"street": _("Write the street and house number.")})
    try:
        return geocode(address)
    except AddressNotFound as nowhere:
        raise ValidationError({nowhere.field: str(nowhere.sentence)}) from nowhere
    except GeocoderUnavailable as silent:
        raise ValidationError({"street": str(silent.sentence)}) from silent
