"""Points and postal spelling of addresses, by the county's data."""

from dataclasses import replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from fusus_portal.ground.geo import geocoding
from fusus_portal.ground.geo.counties import county_at, own_county
from fusus_portal.ground.geo.geocoding import Address, AddressNotFound, Geocoded, geocode_area, geocoder_name
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.index import current_index
from fusus_portal.ground.streets.finder.matches import NUMBERED, Found, tied
from fusus_portal.ground.streets.finder.names import city_name
from fusus_portal.ground.streets.finder.numbers import unit_of


class AddressUnknown(AddressNotFound):
    """The county's data has no such address. near: similar addresses, the likeliest first."""

    sentence: str | Promise = _("We don't know this address. Please check the street and the number.")

    def __init__(self, near: list[Found], sentence: str = "", field: str = "street") -> None:
        super().__init__(sentence or self.sentence, field)
        self.near = near


class AddressUnclear(AddressUnknown):
    """Several addresses match: those in `near`. Only a person can choose."""

    sentence = _("There is more than one address like this. Please choose yours.")


def geocode(address: Address, *, pin: Point | None = None) -> Geocoded:
    """Return an address's point and county. Raises subclasses of `AddressUnknown`, and as `geocoding.geocode`.

    pin: chooses among several matches. The county's data comes before the ZIP code, whose middle may be in another
    county. Precision is "rooftop", also for a number on a block. Another county's address gets its ZIP code's middle.
    """
    index = current_index()
    if index is None:
        return geocoding.geocode(address)
    try:
        area = geocode_area(address)
    except AddressNotFound:
        if question := _other_zip_code(address):
            raise question from None
        raise
    found = candidates(address)
    meant = next((each for each in found if each.is_exact), None) or _by_pin(found, pin)
    is_own = area.county == own_county() or address.zip_code[:5] in index.zip_codes
    # The city tells for an address whose ZIP code the county's data lacks.
    if meant and (is_own or (meant.city and city_name(meant.city) == city_name(address.city))):
        return geocoded(meant)
    if is_own:
        raise _why_not(address, found)
    if area.county and area.county.state_code == own_county().state_code and (question := _other_zip_code(address)):
        raise question
    return area


def question_of(address: Address) -> AddressUnknown | None:
    """Return the question to ask if an address exists, but in another city than the typed one; None for no question."""
    meant = next((each for each in candidates(address) if each.is_exact), None)
    return _elsewhere([meant], address.city) if meant and not _is_in_city(meant, address.city) else None


def _why_not(address: Address, found: list[Found]) -> AddressUnknown:
    if len(tied(found)) > 1:
        return AddressUnclear(found)
    if found and found[0].precision not in NUMBERED:
        sentence = gettext("Type the house number as well, for example 2024 %(street)s.") % {"street": found[0].label}
        return AddressUnknown(found, sentence)
    anywhere = next((each for each in finder.find_places(address.street) if each.is_exact), None)
    there = [each for each in found if anywhere and each.address == anywhere.address]
    if there and not _is_in_city(there[0], address.city):
        return _elsewhere([*there, *(each for each in found if each not in there)], address.city)
    return AddressUnknown(found, _meant(found[0]) if found else "")


def _meant(likeliest: Found) -> str:
    """Return the question about an address whose number, street or ZIP code seems wrong."""
    if likeliest.is_near:
        sentence = gettext("We don't know this house number. Did you mean %(address)s, or one of the others below?")
    else:
        sentence = gettext("We don't know this address. Did you mean %(address)s?")
    return sentence % {"address": likeliest.address}


def _other_zip_code(address: Address) -> AddressUnknown | None:
    """Return the question whether another ZIP code is meant, if this county has the address in the typed city."""
    found = candidates(replace(address, zip_code=""))
    meant = found[0] if found and found[0].is_exact else None
    if meant is None or not meant.city or city_name(meant.city) != city_name(address.city):
        return None
    told = {"street": meant.label, "city": meant.city, "zip_code": meant.zip_code}
    sentence = gettext("We know %(street)s in %(city)s with the ZIP code %(zip_code)s. Did you mean that?")
    return AddressUnknown([meant], sentence % told, "zip_code")


def _elsewhere(near: list[Found], city: str) -> AddressUnknown:
    """Return the refusal of an address in another city, which the first of `near` has. city: the typed one."""
    told = {"street": near[0].label, "there": near[0].city, "city": city}
    sentence = gettext("We know %(street)s in %(there)s, not in %(city)s. Did you mean %(there)s?") % told
    return AddressUnknown(near, sentence, "city")


def _is_in_city(found: Found, city: str) -> bool:
    """True if a place is in the typed city by the county's data or the Postal Service, or if either city is unknown."""
    index = current_index()
    words = city.replace(",", " ").split()
    if index is None or not words or not found.city:
        return True
    typed = index.cities.known(words) or index.cities.close(words)
    return bool(typed & {city_name(found.city), *index.cities.postal.get(found.zip_code, ())})


def candidates(address: Address) -> list[Found]:
    return finder.find_places(address.street, city=address.city, zip_code=address.zip_code)


def geocoded(found: Found) -> Geocoded:
    return Geocoded(found.point, Precision.ROOFTOP, county_at(found.point))


def sent_to() -> str:
    """Return the geocoding service that gets the addresses typed here, or "" if they stay here."""
    service = geocoder_name()
    return service if service and current_index() is None else ""


def chosen(address: Address, choice: str) -> tuple[Address, Geocoded] | None:
    """Return the address that a person chose and its point, or None if the choice is not among the matches."""
    for found in (*candidates(address), *candidates(replace(address, zip_code=""))):
        if found.address == choice and found.precision in NUMBERED:
            return in_words_of_data(address, found), geocoded(found)
    return None


def in_words_of_data(address: Address, found: Found) -> Address:
    """Return an address in the spelling of the county's data, with the typed unit."""
    street = " ".join(filter(None, (found.label, unit_of(address.street))))
    city, zip_code = found.city or address.city, found.zip_code or address.zip_code
    return Address(street, city, own_county().state_code, zip_code)


def place_of(text: str) -> Point | None:
    """Return the point of a place in deputies' words ("2000 block of 11th Ave S"), or None if they are not sure."""
    found = finder.find_places(text)
    return found[0].point if found and found[0].is_sure else None


def water_at(point: Point) -> str | None:
    """Return the name of the water that a point is in, "" for one without a name; None on land, and without streets."""
    index = current_index()
    return index.water_at(point) if index else None


def _by_pin(found: list[Found], pin: Point | None) -> Found | None:
    rivals = [each for each in tied(found) if each.precision in NUMBERED]
    return min(rivals, key=lambda each: each.point.distance_m(pin), default=None) if pin else None


CLEARLY: Final = 2.0
"""Least ratio of the other addresses' distance from a pin to that of the address which the pin chooses."""

NEAR_PIN_M: Final = 200.0
"""Largest distance in meters of a pin from its address; a farther pin is of an address that the data lacks."""


def postal_address(address: Address, *, pin: Point) -> Address | None:
    """Return an address as the county's data spells it, or None if unknown or not clearly the closest to the pin."""
    found = candidates(address)
    meant = next((each for each in found if each.is_exact), None) or _clearly(found, pin)
    if meant is None:
        return None
    told = in_words_of_data(address, meant)
    return replace(told, city=meant.city)


def _clearly(found: list[Found], pin: Point) -> Found | None:
    rivals = [each for each in tied(found) if each.precision in NUMBERED]
    rivals.sort(key=lambda each: each.point.distance_m(pin))
    if len(rivals) < 2:
        return None
    first, second = (each.point.distance_m(pin) for each in rivals[:2])
    return rivals[0] if first <= NEAR_PIN_M and second > CLEARLY * first else None
