"""An address for an envelope: in the county's words, with the unit; nothing else that somebody typed."""

from dataclasses import replace

from fusus_portal.ground.geo.geocoding import Address

from . import finding
from .readings import unit_of


def postal(address: Address) -> Address | None:
    """Return an address as the county's data writes it, None for one that it does not have.

    A city is the one of the data too; where that names none, the ZIP code says enough.
    """
    found = next((each for each in finding.find(str(address)) if each.is_exact), None)
    if found is None:
        return None
    street = " ".join(filter(None, (found.label, unit_of(address.street))))
    return replace(address, street=street, city=found.city, zip_code=found.zip_code or address.zip_code)
