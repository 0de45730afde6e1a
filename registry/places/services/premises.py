"""Places of a registrant: their pins, their confirmations, and addresses that the county's data lacks."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import Line, record, record_many
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.database import writing as database
from fusus_portal.ground.geo.counties import county_at, own_county
from fusus_portal.ground.geo.geocoding import Address, AddressNotFound, Geocoded, GeocoderUnavailable, geocode_area
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.rows import InLog, set_changed
from fusus_portal.ground.streets import services as streets
from fusus_portal.ground.streets.geocoding import AddressUnknown, geocode
from registry.places import hooks, locks, policies, selectors, snapshot_files
from registry.places.models import NOTHING_LEFT, PREMISES_ONCE, Camera, Confirmation, ConfirmedBy, Premises
from registry.places.services.cameras import CameraDetails, line_of
from registry.registrants import locks as registrant_locks
from registry.registrants.models import Registrant
from registry.rules import CONFIRMED_WITHIN_M


def confirm(*, premises: Premises, way: ConfirmedBy, actor: Actor, within: InLog | None = None) -> bool:
    """Confirm a place, with its entry; False for a place that is confirmed already, or was removed.

    within: the incident of the act. Two acts at the same moment confirm the place once, so it need not be locked.
    """
    if premises.removed_at is not None:
        return False
    here = {"latitude": premises.latitude, "longitude": premises.longitude, "precision": premises.precision}
    _row, is_new = Confirmation.objects.get_or_create(
        premises=premises, ended_at=None, defaults={"way": way, "confirmed_at": timezone.now(), **here}
    )
    if is_new:
        note_confirmation(Event.PREMISES_CONFIRMED, premises, actor, within, way=way)
    return is_new


def _follow_pin(*, premises: Premises, actor: Actor) -> None:
    """End the confirmation of a place if its pin is on another building now.

    A place that was confirmed by its address alone, before it had a pin, is confirmed at its first pin.
    """
    found = Confirmation.objects.filter(premises=premises, ended_at__isnull=True).first()
    if found is None:
        return
    if found.precision == Precision.AREA:
        found.latitude, found.longitude, found.precision = premises.latitude, premises.longitude, premises.precision
        found.save(update_fields=["latitude", "longitude", "precision"])
    elif found.point.distance_m(premises.point) > CONFIRMED_WITHIN_M:
        end_confirmation(premises=premises, actor=actor)


def end_confirmation(*, premises: Premises, actor: Actor) -> None:
    """End the confirmation, if there is one, of a place that is at another address or building now."""
    ended = Confirmation.objects.filter(premises=premises, ended_at__isnull=True)
    if ended.update(ended_at=timezone.now()):
        note_confirmation(Event.PREMISES_UNCONFIRMED, premises, actor)


def note_confirmation(
    event: Event, premises: Premises, actor: Actor, within: InLog | None = None, **facts: str | int
) -> None:
    """Write an entry for each camera of a place, where its owner reads it; one entry for a place without cameras."""
    cameras = [str(pk) for pk in selectors.cameras_in_log(premises).values_list("pk", flat=True)] or [""]
    lines = [Line(premises.subject, camera=camera, facts=facts, **premises.in_log) for camera in cameras]
    record_many(event=event, actor=actor, lines=lines, **(within or {}))


@dataclass(frozen=True, slots=True)
class NewPremises:
    """A place as a person describes it.

    kind: home, business or other. name: the person's name for it, or "". pin: as placed on the map, or None. confirmed:
    the person says that a pin close to the county line is right. is_missing: the person says that the county's data
    lacks the address.
    """

    kind: str
    address: Address
    pin: Point | None = None
    confirmed: bool = False
    name: str = ""
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    """A place's point, its precision, and the FIPS code of its county. is_listed: the county's data has the address."""

    point: Point
    precision: Precision
    county_fips: str
    is_listed: bool = True


def locate(place: NewPremises) -> Location:
    """Return the location of a place, which must be inside. Raises ValidationError by field.

    Asks the geocoder, so call it before the transaction.
    """
    located = locate_anywhere(place)
    policies.check_inside(located.point, field="zip_code" if place.pin is None else "pin")
    if located.precision != Precision.AREA:
        policies.check_confirmed(located.point, confirmed=place.confirmed)
    return located


def locate_anywhere(place: NewPremises) -> Location:
    """Return the location of a place anywhere in the country, as `locate` does. A missing address needs a pin."""
    policies.check_no_way_in({"street": place.address.street, "city": place.address.city})
    found, is_listed = _geocoded(place)
    point, precision = found.point, found.precision
    if place.pin is not None:
        policies.check_pin(place.pin, address=found)
        point, precision = place.pin, Precision.PINNED
    county = county_at(point)
    return Location(point, precision, county.fips if county else own_county().fips, is_listed)


def add(*, registrant: Registrant, by: User, place: NewPremises) -> Premises:
    """Add a place to a registration. Raises ValidationError by field, NotYours for another's registration."""
    located = locate(place)
    with transaction.atomic():
        locked = registrant_locks.own_registrant(registrant.pk, by=by)
        policies.check_room_for_place(locked.premises.registered().count())
        return write(registrant=locked, place=place, located=located, actor=by.actor)


def move_pin(*, premises: Premises, by: User, pin: Point, confirmed: bool = False) -> Premises:
    """Move a place's pin. Raises ValidationError on "pin" or "confirmed", NotYours, Stale once it has moved."""
    described = NewPremises(
        kind=premises.kind, address=premises.address, pin=pin, confirmed=confirmed, is_missing=not premises.is_listed
    )
    located = locate(described)
    with transaction.atomic():
        locked = locks.own_premises(premises.pk, by=by)
        policies.must_be_registered(locked)
        if locked.address != described.address:
            raise Stale(_("This place has moved meanwhile. Please look at its pin again."), subject=locked.subject)
        was_listed = locked.is_listed
        _set(locked, located)
        locked.is_listed = was_listed or located.is_listed  # staff may know an address that the data lacks
        locked.placed_at = timezone.now()
        locked.save(update_fields=["latitude", "longitude", "precision", "county_fips", "is_listed", "placed_at"])
        for follower in hooks.registrants:
            follower.pin_moves(locked, by.actor)
        note(Event.PREMISES_PLACED, locked, by.actor, precision=str(located.precision))
        _follow_pin(premises=locked, actor=by.actor)
    return locked


def describe(*, premises: Premises, by: User, kind: str, name: str) -> Premises:
    """Change the kind and name of a place. The entry names the fields, never their content."""
    with transaction.atomic():
        locked = locks.own_premises(premises.pk, by=by)
        policies.must_be_registered(locked)
        changed = set_changed(locked, {"kind": kind, "name": _name(name)})
        if not changed:
            return locked
        locked.full_clean(exclude=["registrant"], validate_unique=False, validate_constraints=False)
        locked.save(update_fields=changed)
        note(Event.PREMISES_CHANGED, locked, by.actor, fields=" ".join(changed))
    return locked


def remove(*, premises: Premises, by: User) -> Premises:
    """Remove a place with its cameras from the registry, at once and whole. Doing it twice has one effect.

    Name, address, point, descriptions of its cameras, their pictures and the history of all that are deleted. The
    cameras' names stay, so that their owner can still read who looked. A request that was sent stays the owner's to
    answer; no list shows the place any more.
    """
    with transaction.atomic():
        locked = locks.own_premises(premises.pk, by=by)
        if locked.removed_at is not None:
            return locked
        cameras = Camera.objects.registered().filter(premises=locked).count()
        note(Event.PREMISES_REMOVED, locked, by.actor, cameras=cameras)
        empty(premises=locked, actor=by.actor)
    return locked


def empty(*, premises: Premises, actor: Actor) -> None:
    """Delete the data and history of a locked place and its cameras, inside the act by which the place ends."""
    now = timezone.now()
    for follower in hooks.registrants:
        follower.place_ends(premises, actor)
    registered = Camera.objects.registered().filter(premises=premises).select_related("premises")
    record_many(event=Event.CAMERA_REMOVED, actor=actor, lines=[line_of(camera) for camera in registered])
    _empty_cameras(premises, now)
    Confirmation.objects.filter(premises=premises).delete()
    Premises.history.filter(id=premises.pk).delete()
    premises.removed_at = now
    for field, nothing in NOTHING_LEFT.items():
        setattr(premises, field, nothing)
    premises.save()


def _empty_cameras(premises: Premises, now: datetime) -> None:
    cameras = Camera.objects.filter(premises=premises)
    for camera in cameras.values_list("pk", flat=True):
        transaction.on_commit(partial(snapshot_files.delete, camera))
    nothing = {field: said for field, said in asdict(CameraDetails("")).items() if field != "name"}
    removed_at = Coalesce("removed_at", now)
    cameras.update(**nothing, snapshot="", snapshot_at=None, paused_at=None, removed_at=removed_at)
    Camera.history.filter(premises_id=premises.pk).delete()


def write(*, registrant: Registrant, place: NewPremises, located: Location, actor: Actor) -> Premises:
    premises = Premises(registrant=registrant, name=_name(place.name))
    save_at(premises=premises, place=place, located=located)
    note(Event.PREMISES_ADDED, premises, actor, precision=str(located.precision))
    return premises


def save_at(*, premises: Premises, place: NewPremises, located: Location) -> None:
    """Save a place at an address. Raises ValidationError on "street" if another place of the person is there."""
    address = place.address
    premises.kind = place.kind
    premises.street, premises.city = address.street.strip(), address.city.strip()
    premises.state, premises.zip_code = address.state.strip().upper(), address.zip_code.strip()
    _set(premises, located)
    premises.full_clean(exclude=["registrant"], validate_unique=False, validate_constraints=False)
    with database.refuse_duplicate(PREMISES_ONCE, field="street", sentence=policies.already_here()):
        premises.save()


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    policies.check_no_way_in({"name": name})
    return name


def note(event: Event, premises: Premises, actor: Actor, **facts: str | int) -> None:
    record(event=event, actor=actor, subject=premises.subject, **premises.in_log, facts=facts)


def _set(premises: Premises, located: Location) -> None:
    premises.latitude, premises.longitude = located.point.latitude, located.point.longitude
    premises.precision, premises.county_fips = located.precision, located.county_fips
    premises.is_listed = located.is_listed


def _geocoded(place: NewPremises) -> tuple[Geocoded, bool]:
    if not place.address.street.strip():
        raise ValidationError({"street": _("Write the street and house number.")})
    try:
        try:
            return geocode(place.address, pin=None if place.is_missing else place.pin), True
        except AddressUnknown:
            if place.pin is None:
                raise
            return geocode_area(place.address), False
    except AddressNotFound as nowhere:
        raise ValidationError({nowhere.field: str(nowhere.sentence)}) from nowhere
    except GeocoderUnavailable as silent:
        raise ValidationError({"street": str(silent.sentence)}) from silent


def read_unlisted(*, premises: Premises, by: User) -> Premises:
    """Return a place whose address the county's data lacks, after the entries that its owner sees. Raises NotYours."""
    with transaction.atomic():
        demand(by, Permission.ADMINISTER, subject=premises.subject)
        locked = locks.unlisted_premises(premises.pk)
        lines = [line_of(camera) for camera in selectors.cameras_in_log(locked).select_related("premises")]
        record_many(event=Event.PREMISES_READ, actor=by.actor, lines=lines)
    return locked


def add_unlisted(*, premises: Premises, by: User, address: streets.NewAddress) -> Premises:
    """Add a place's address, as staff correct it, to the address search. Raises NotYours, Stale, ValidationError."""
    with transaction.atomic():
        demand(by, Permission.ADMINISTER, subject=premises.subject)
        locked = locks.unlisted_premises(premises.pk)
        streets.add_address(address=address, by=by)
        return _mark_listed(locked, by)


def accept_unlisted(*, premises: Premises, by: User) -> Premises:
    """Record that a place's address is right, without adding it to the address search. Raises NotYours."""
    with transaction.atomic():
        demand(by, Permission.ADMINISTER, subject=premises.subject)
        return _mark_listed(locks.unlisted_premises(premises.pk), by)


def _mark_listed(locked: Premises, by: User) -> Premises:
    locked.is_listed = True
    locked.save(update_fields=["is_listed"])
    note(Event.PREMISES_KNOWN, locked, by.actor)
    return locked
