"""From an address to a point: in the county's own data where it is loaded, else as the agency has it configured."""

from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.geo import geocoding
from fusus_portal.ground.geo.counties import county_at
from fusus_portal.ground.geo.geocoding import Address, AddressNotFound, Geocoded, geocode_area, geocoder_name
from fusus_portal.ground.geo.jurisdiction import own_county
from fusus_portal.ground.geo.points import Point, Precision

from . import finding
from .city_names import city_name
from .found_places import NUMBERED, Found, tied
from .street_index import current
from .units import unit_of


class AddressUnknown(AddressNotFound):
    """The county's data has no such address. near: what it has that is close to it, the likeliest first."""

    sentence: str | Promise = _("We don't know this address. Please check the street and the number.")

    def __init__(self, near: list[Found], field: str = "street") -> None:
        super().__init__(self.sentence, field)
        self.near = near


class AddressUnclear(AddressUnknown):
    """The county's data has several such addresses: `near`. Only a person can say which one is meant."""

    sentence = _("There is more than one address like this. Please choose yours.")


class AddressElsewhere(AddressUnknown):
    """The county's data has the address in another city: the first of `near`. city: the one that was typed."""

    def __init__(self, near: list[Found], city: str) -> None:
        there = near[0]
        self.sentence = gettext("We know %(street)s in %(there)s, not in %(city)s. Did you mean %(there)s?") % {
            "street": there.label,
            "there": there.city,
            "city": city,
        }
        super().__init__(near, "city")


class AddressWithoutNumber(AddressUnknown):
    """The county's data has the street; the number of the house is missing. near: the street."""

    def __init__(self, near: list[Found]) -> None:
        self.sentence = gettext("Type the house number as well, for example 2024 %(street)s.") % {
            "street": near[0].label
        }
        super().__init__(near)


def geocode(address: Address, *, pin: Point | None = None) -> Geocoded:
    """Find an address. Raises what `AddressUnknown` is the parent of, and what `geocoding.geocode` raises.

    pin: where the person put the address on the map, which tells several like it apart. The county's data is asked
    before the ZIP code: one at the county line has its middle in another county. Precision is "rooftop" for an address
    point and for a number on a block, whose pin the person looks at anyway. An address of another county leads to its
    ZIP code: the data can't have it.
    """
    index = current()
    if index is None:
        return geocoding.geocode(address)
    area = geocode_area(address)
    found = candidates(address)
    meant = next((each for each in found if each.is_exact), None) or _by_pin(found, pin)
    is_own = area.county == own_county() or address.zip_code[:5] in index.zip_codes
    if meant and (is_own or _has_city(meant, address)):
        return geocoded(meant)
    if not is_own:
        return area
    raise _why_not(address, found)


def question_of(address: Address) -> AddressElsewhere | None:
    """Return what to ask of an address that is there, but in another city than its owner says; None for no question.

    The Postal Service's city of its ZIP code is as good as the one that the data names.
    """
    meant = next((each for each in candidates(address) if each.is_exact), None)
    return AddressElsewhere([meant], address.city) if meant and not _is_in_city(meant, address.city) else None


def _why_not(address: Address, found: list[Found]) -> AddressUnknown:
    """Return what is said of an address that can't be taken."""
    if len(tied(found)) > 1:
        return AddressUnclear(found)
    if found and found[0].precision not in NUMBERED:
        return AddressWithoutNumber(found)
    anywhere = next((each for each in finding.find(address.street) if each.is_exact), None)
    there = [each for each in found if anywhere and each.address == anywhere.address]
    if there and not _is_in_city(there[0], address.city):
        return AddressElsewhere([*there, *(each for each in found if each not in there)], address.city)
    return AddressUnknown(found)


def _is_in_city(found: Found, city: str) -> bool:
    """Return whether a place is in a city, by the county's data or by the mail; True where neither names one."""
    index = current()
    words = city.replace(",", " ").split()
    if index is None or not words or not found.city:
        return True
    typed = index.cities.known(words) or index.cities.close(words)
    return bool(typed & {city_name(found.city), *index.cities.postal.get(found.zip_code, ())})


def candidates(address: Address) -> list[Found]:
    """Return what the county's data has that an address may mean, the likeliest first."""
    return finding.find(address.street, city=address.city, zip_code=address.zip_code)


def geocoded(found: Found) -> Geocoded:
    """Return where a place of the county's data is."""
    return Geocoded(found.point, Precision.ROOFTOP, county_at(found.point))


def sent_to() -> str:
    """Return whom an address is sent to that somebody looks up here; "" where it stays here."""
    service = geocoder_name()
    return service if service and current() is None else ""


def chosen(address: Address, choice: str) -> tuple[Address, Geocoded] | None:
    """Return the address that a person chose of those close to what they typed, and where it is; None for no choice."""
    for found in candidates(address):
        if found.address == choice and found.precision in NUMBERED:
            return in_words_of_data(address, found), geocoded(found)
    return None


def in_words_of_data(address: Address, found: Found) -> Address:
    """Return an address as the county's data writes it, with the unit that was typed."""
    street = " ".join(filter(None, (found.label, unit_of(address.street))))
    return replace(address, street=street, city=found.city or address.city, zip_code=found.zip_code or address.zip_code)


def place_of(text: str) -> Point | None:
    """Return where a place is, as deputies write it ("2000 block of 11th Ave S"), None where it could be several."""
    found = finding.find(text)
    return found[0].point if found and found[0].is_sure else None


def _by_pin(found: list[Found], pin: Point | None) -> Found | None:
    """Return the closest to a pin of several addresses that may be meant, None without a pin."""
    rivals = [each for each in tied(found) if each.precision in NUMBERED]
    return min(rivals, key=lambda each: each.point.distance_m(pin), default=None) if pin else None


def _has_city(found: Found, address: Address) -> bool:
    """Return whether a place has the city of an address whose ZIP code the data does not have."""
    return bool(found.city) and city_name(found.city) == city_name(address.city)
