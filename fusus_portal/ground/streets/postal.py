"""Addresses for envelopes, in the county's words, with the unit and nothing else that was typed."""

from dataclasses import replace
from typing import Final

from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Point

from .found_places import NUMBERED, Found, tied
from .geocoding import candidates, in_words_of_data

CLEARLY: Final = 2.0
"""The chosen address must be this many times closer to the pin than the others."""

BESIDE_M: Final = 200.0
"""Largest distance in meters of a pin from its address; farther ones are of an address that the data lacks."""


def postal(address: Address, *, pin: Point) -> Address | None:
    """Return an address in the county's words, or None if unknown or not clearly the closest to the pin."""
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
