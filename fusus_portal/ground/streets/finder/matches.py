"""Places that a typed text may mean, and their differences from it: omissions only rank, contradictions decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point
from fusus_portal.ground.streets.finder.index import KnownStreet
from fusus_portal.ground.streets.finder.names import CityNames, StreetName, city_name
from fusus_portal.ground.streets.finder.readings import Numbers, Reading

GOOD: Final = 2.0
"""Cost above which a place is unlikely, so that the search allows typos."""

SURE: Final = 1.0
"""Contradiction up to which the first place needs no question, unless another one comes close."""

MARGIN: Final = 1.0
"""Contradiction beyond that of the first place, below which another place may be meant too."""

SAME_STREET_M: Final = 300.0
"""Meters within which one number of one street is the same place in two files."""

SAME_PLACE_M: Final = 15.0
"""Meters within which two streets with one number are one street with two names."""

FAR_DEGREES: Final = SAME_STREET_M / METERS_PER_DEGREE

NUMBERED: Final = frozenset({"rooftop", "range"})


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a typed text may mean.

    precision: "rooftop" on an address point, "range" between the numbers of a block, "street" for a corner, a block or
    a street alone, "area" for a named place. cost: difference from the text, 0 for none. against: the contradicting
    part of the cost. is_near: the closest number that exists, if the typed one does not. is_sure: needs no question.
    street: its id, or 0. beside: a crossing street, if another place has the same address.
    """

    label: str
    point: Point
    precision: str
    city: str = ""
    zip_code: str = ""
    cost: float = 0.0
    against: float = 0.0
    is_near: bool = False
    is_sure: bool = False
    street: int = 0
    beside: str = ""

    @property
    def is_exact(self) -> bool:
        return self.precision in NUMBERED and self.is_sure

    @property
    def address(self) -> str:
        """The address in one line: street, city and ZIP code, and a crossing street if two places share it."""
        line = ", ".join(filter(None, (self.label, " ".join(filter(None, (self.city, self.zip_code))))))
        return f"{line} ({self.beside})" if self.beside else line

    def is_same(self, other: "Found") -> bool:
        """True if another one is the same place, found twice or under a second name of its street."""
        if self.precision != other.precision and not {self.precision, other.precision} <= NUMBERED:
            return False
        if abs(self.point.latitude - other.point.latitude) > FAR_DEGREES:
            return False  # spares most pairs the distance
        is_one_street = self.street == other.street and self.label == other.label
        return self.point.distance_m(other.point) <= (SAME_STREET_M if is_one_street else SAME_PLACE_M)


def distinct(found: Sequence[Found]) -> list[Found]:
    """Return each place once, the likeliest first. An address point beats the same number on a range."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda each: (each.cost, each.address)):
        if not any(each.is_same(other) for other in kept):
            kept.append(each)
    return kept


def decided(found: Sequence[Found]) -> list[Found]:
    if len(tied(found)) != 1:
        return list(found)
    return [replace(found[0], is_sure=True), *found[1:]]


def tied(found: Sequence[Found]) -> list[Found]:
    if not found or found[0].against > SURE or found[0].is_near:
        return []
    best, *others = found
    rivals = [other for other in others if other.against < best.against + MARGIN and not other.is_near]
    if best.precision in NUMBERED:
        rivals = [other for other in rivals if other.precision in NUMBERED]
    return [best, *rivals]


class Difference(NamedTuple):
    left_out: float = 0.0
    against: float = 0.0

    def __add__(self, other: "Difference") -> "Difference":  # type: ignore[override]
        return Difference(self.left_out + other.left_out, self.against + other.against)

    @property
    def cost(self) -> float:
        return self.left_out + self.against


class StreetMatch(NamedTuple):
    """A street that a typed text may mean, and the difference of street and reading from the text."""

    street: KnownStreet
    reading: Reading
    difference: Difference

    @property
    def cost(self) -> float:
        return self.difference.cost

    @property
    def is_named(self) -> bool:
        """True if the street's name equals the typed one; only its direction may be at the other end."""
        return not self.reading.against and self.cost - self.reading.cost <= 0.1

    @property
    def numbers(self) -> Numbers:
        if self.reading.numbers is None:
            raise ValueError("a street alone")
        return self.reading.numbers


SAME = Difference()
ON_RANGE = Difference(left_out=0.5)
"""Difference of a number between the ends of a block, which is less sure than an address point."""

OTHER_LETTER = Difference(against=1.1)
OTHER_ZIP_CODE = Difference(against=2.5)
OTHER_STATE = Difference(against=2.5)
NUMBER_ELSEWHERE = Difference(against=1.1)
"""Difference of a number that the named street lacks, found on a street with a longer name."""


def of_streets(asked: StreetName, there: StreetName) -> Difference:
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
    """Return the difference of a place's ZIP code and city from a reading. zip_codes: those of a block's two sides."""
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
