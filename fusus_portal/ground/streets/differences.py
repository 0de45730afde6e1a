"""Differences between a typed text and a street or place: omissions only rank places, contradictions decide."""

from collections.abc import Collection
from typing import NamedTuple

from .city_names import CityNames, city_name
from .readings import Numbers, Reading
from .street_index import KnownStreet
from .street_names import StreetName


class Difference(NamedTuple):
    left_out: float = 0.0
    against: float = 0.0

    def __add__(self, other: "Difference") -> "Difference":  # type: ignore[override]
        return Difference(self.left_out + other.left_out, self.against + other.against)

    @property
    def cost(self) -> float:
        return self.left_out + self.against


class Meant(NamedTuple):
    """A street that a text may mean, with the difference of street and reading from the text."""

    street: KnownStreet
    reading: Reading
    difference: Difference

    @property
    def cost(self) -> float:
        return self.difference.cost

    @property
    def is_named(self) -> bool:
        """True if the street's name equals the typed one, but for the place of its direction."""
        return not self.reading.against and self.cost - self.reading.cost <= 0.1

    @property
    def numbers(self) -> Numbers:
        if self.reading.numbers is None:
            raise ValueError("a street alone")
        return self.reading.numbers


SAME = Difference()
ON_RANGE = Difference(left_out=0.5)
"""A number between a block's ends is less sure than an address point."""

OTHER_LETTER = Difference(against=1.1)
OTHER_ZIP_CODE = Difference(against=2.5)
OTHER_STATE = Difference(against=2.5)
NUMBER_ELSEWHERE = Difference(against=1.1)
"""The named street lacks the number; a street with a longer name has it."""


def of_streets(asked: StreetName, there: StreetName) -> Difference:
    """Return the difference of kind and direction."""
    return _of_kinds(asked.kind, there.kind) + _of_directions(asked, there)


def _of_kinds(asked: str, there: str) -> Difference:
    if asked == there:
        return SAME
    if not asked:
        return Difference(left_out=0.6)
    return Difference(against=4.0 if there else 1.0)


def _of_directions(asked: StreetName, there: StreetName) -> Difference:
    if asked.direction == there.direction:
        return Difference(left_out=0.1) if asked.direction and asked.first != there.first else SAME
    if not asked.direction or asked.direction in there.direction.split():
        return Difference(left_out=0.8)
    if there.direction in asked.direction.split():
        return Difference(against=1.5)
    return Difference(against=5.0 if there.direction else 2.5)


def of_places(reading: Reading, cities: CityNames, *, zip_codes: Collection[str], city: str) -> Difference:
    """Return the difference of ZIP code and city. zip_codes: of both sides of a block."""
    codes = {code for code in zip_codes if code}
    agrees = reading.zip_code in codes
    told = OTHER_STATE if reading.elsewhere else SAME
    if reading.zip_code and codes and not agrees:
        told += OTHER_ZIP_CODE
    return told + _of_cities(reading, cities, codes, city, agrees=agrees)


def _of_cities(reading: Reading, cities: CityNames, codes: set[str], city: str, *, agrees: bool) -> Difference:
    in_data = {city_name(city)} if city else set[str]().union(*(cities.at.get(code, ()) for code in codes))
    if reading.unknown:
        return Difference(left_out=0.2) if agrees or not in_data else Difference(against=1.2)
    if not reading.cities or not in_data or reading.cities & in_data:
        return SAME
    here = set[str]().union(*(cities.at.get(code, ()) for code in codes))
    if agrees and not reading.cities & here:
        return Difference(against=0.9)
    by_post = set[str]().union(*(cities.postal.get(code, ()) for code in codes))
    return Difference(left_out=0.2) if reading.cities & by_post - here else Difference(against=1.5)
