"""An address for an envelope: in the county's words, with the unit; nothing else that somebody typed."""

from dataclasses import replace
from typing import Final

from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Point

from .found_places import NUMBERED, Found, tied
from .geocoding import candidates, in_words_of_data

CLEARLY: Final = 2.0
"""Of several addresses one is meant if the others are more than this many times as far from the pin."""

BESIDE_M: Final = 200.0
"""A pin that is further from all of them, in meters, is of an address that the data lacks."""


def postal(address: Address, *, pin: Point) -> Address | None:
    """Return an address as the county's data writes it, None for one that it does not have.

    pin: where the person put it on the map. Where several addresses may be meant, no letter goes to one that is not
    clearly the closest to it. A city is the one of the data too; where that names none, the Postal Service's.
    """
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
    return rivals[0] if first <= BESIDE_M and second > CLEARLY * first else None
