"""How far a street or a place of the county is from what a text says.

What a person leaves out and what contradicts them are counted apart: the first only puts places in order, the second
decides whether one is taken without a question.
"""

from collections.abc import Collection
from typing import NamedTuple

from .city_names import CityNames, city_name
from .readings import Numbers, Reading
from .street_index import KnownStreet
from .street_names import StreetName


class Difference(NamedTuple):
    """How much a text leaves out, and how much contradicts it."""

    left_out: float = 0.0
    against: float = 0.0

    def __add__(self, other: "Difference") -> "Difference":  # type: ignore[override]
        """Return both together."""
        return Difference(self.left_out + other.left_out, self.against + other.against)

    @property
    def cost(self) -> float:
        """Both as one figure."""
        return self.left_out + self.against


class Meant(NamedTuple):
    """A street that a text may mean. difference: how far the street and the reading are from the text."""

    street: KnownStreet
    reading: Reading
    difference: Difference

    @property
    def cost(self) -> float:
        """The difference as one figure."""
        return self.difference.cost

    @property
    def is_named(self) -> bool:
        """Whether the name of the street is the very one of the text, but for the place of its direction."""
        return not self.reading.against and self.cost - self.reading.cost <= 0.1

    @property
    def numbers(self) -> Numbers:
        """The numbers that the text asks for. Raises ValueError where it asks for none."""
        if self.reading.numbers is None:
            raise ValueError("a street alone")
        return self.reading.numbers


SAME = Difference()
ON_RANGE = Difference(left_out=0.5)
"""A number between those of a block's ends is less sure than an address point."""

OTHER_LETTER = Difference(against=1.1)
OTHER_ZIP_CODE = Difference(against=2.5)
OTHER_STATE = Difference(against=2.5)
NUMBER_ELSEWHERE = Difference(against=1.1)
"""The street that was named is there without the number; one whose name says more has it."""


def of_streets(asked: StreetName, there: StreetName) -> Difference:
    """Return how far the kind and the direction of a street are from those asked for."""
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
    """Return how far a ZIP code and a city are from those that a text says. zip_codes: of both sides of a block."""
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
