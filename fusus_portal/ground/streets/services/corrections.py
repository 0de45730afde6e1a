from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets import locks
from fusus_portal.ground.streets.blocks import street_in_front
from fusus_portal.ground.streets.models import AddedAddress, House, Street, StreetData
from fusus_portal.ground.streets.policies import check_street
from fusus_portal.ground.streets.row_writers import STREETS_OF_A_LOADING
from fusus_portal.ground.streets.street_names import street_name


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address by staff. street: with its house number. point: its building; only the street in front is stored."""

    street: str
    city: str
    zip_code: str
    point: Point


def add(*, address: NewAddress, by: User) -> AddedAddress:
    """Add an address to the current load and all later ones. Raises ValidationError on "street", Stale."""
    number, street = check_street(address.street)
    point = street_in_front(address.point)
    with transaction.atomic():
        demand(by, Permission.ADMINISTER)
        used = locks.hold_used()
        added, is_new = AddedAddress.objects.get_or_create(
            number=number.number,
            letter=number.letter,
            street=street,
            zip_code=address.zip_code[:5],
            defaults={
                "city": address.city.strip(),
                "latitude": point.latitude,
                "longitude": point.longitude,
            },
        )
        if is_new:
            bring_in(used[0])
            record(event=Event.ADDRESS_ADDED, actor=by.actor, subject=added.subject)
    return added


def take_out(*, added: AddedAddress, by: User) -> None:
    with transaction.atomic():
        demand(by, Permission.ADMINISTER)
        used = locks.hold_used()
        if not AddedAddress.objects.filter(pk=added.pk).delete()[0]:
            return
        for data in used:
            own = House.objects.filter(data=data, latitude=added.latitude, longitude=added.longitude, **_same(added))
            _count(data, -own.delete()[0])
        record(event=Event.ADDRESS_TAKEN_OUT, actor=by.actor, subject=added.subject)


def bring_in(data: StreetData) -> None:
    _count(data, sum(_bring_in(data, added) for added in AddedAddress.objects.order_by("pk")))


def _bring_in(data: StreetData, added: AddedAddress) -> bool:
    street = _streets(data, added.street).first() or _new_street(data, added.street)
    place = {"city": added.city, "latitude": added.latitude, "longitude": added.longitude}
    _house, is_new = House.objects.get_or_create(data=data, street=street, **_same(added), defaults=place)
    cities = data.cities.setdefault(added.zip_code, [])
    if added.city not in cities:
        cities.append(added.city)
    return is_new


def _same(added: AddedAddress) -> dict[str, int | str]:
    return {"number": added.number, "letter": added.letter, "zip_code": added.zip_code}


def _streets(data: StreetData, text: str) -> QuerySet[Street]:
    """Return an address's street. An earlier release may have split its name differently; its label is the same."""
    name = street_name(text)
    is_same = Q(key=name.key, kind=name.kind, direction=name.direction) | Q(label=text)
    return Street.objects.filter(is_same, data=data).order_by("pk")


def _new_street(data: StreetData, text: str) -> Street:
    name = street_name(text)
    last = Street.objects.filter(data=data).aggregate(last=Max("pk"))["last"]
    return Street.objects.create(
        pk=(last or data.pk * STREETS_OF_A_LOADING - 1) + 1,
        data=data,
        key=name.key[:100],
        base=name.base[:100],
        kind=name.kind,
        direction=name.direction,
        first=name.first,
        label=text,
    )


def _count(data: StreetData, more: int) -> None:
    """Count changed addresses, so that every process reloads its index."""
    if more:
        data.counts["addresses"] = data.counts.get("addresses", 0) + more
        data.corrections += 1
        data.save(update_fields=["counts", "cities", "corrections"])
