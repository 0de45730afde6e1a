"""From an address to a point: in the county's own data where it is loaded, else as the agency has it configured."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.geo import geocoding
from fusus_portal.ground.geo.counties import county_at
from fusus_portal.ground.geo.geocoding import Address, AddressNotFound, Geocoded, geocode_area, geocoder_name
from fusus_portal.ground.geo.jurisdiction import own_county
from fusus_portal.ground.geo.points import Point, Precision

from . import finding
from .found_places import GOOD, Found
from .street_index import current


class AddressUnknown(AddressNotFound):
    """The county's data has no such address. near: what it has that is close to it, the likeliest first."""

    def __init__(self, near: list[Found]) -> None:
        super().__init__(_("We don't know this address. Please check the street and the number."), "street")
        self.near = near


def geocode(address: Address) -> Geocoded:
    """Find an address. Raises AddressUnknown, and what `geocoding.geocode` raises.

    Precision is "rooftop" for an address point and for a number on a block, whose pin the person looks at anyway. An
    address of another county leads to its ZIP code: the data can't have it.
    """
    if current() is None:
        return geocoding.geocode(address)
    area = geocode_area(address)
    if area.county != own_county():
        return area
    found = finding.find(str(address))
    exact = next((each for each in found if each.is_exact), None)
    if exact is None:
        raise AddressUnknown(found)
    return Geocoded(exact.point, Precision.ROOFTOP, county_at(exact.point))


def sent_to() -> str:
    """Return whom an address is sent to that somebody looks up here; "" where it stays here."""
    service = geocoder_name()
    return service if service and current() is None else ""


def meant(address: Address, choice: str) -> Address | None:
    """Return the address that a person chose of those close to what they typed, None for a choice that is not there."""
    for found in finding.find(str(address)):
        if found.address == choice:
            return replace(
                address,
                street=found.label,
                city=found.city or address.city,
                zip_code=found.zip_code or address.zip_code,
            )
    return None


def place_of(text: str) -> Point | None:
    """Return where a place is, as deputies write it ("2000 block of 11th Ave S"), None where it could be several."""
    found = [each for each in finding.find(text) if each.cost <= GOOD and not each.is_near]
    return found[0].point if found and (len(found) == 1 or found[0].cost < found[1].cost) else None
