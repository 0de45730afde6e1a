"""A place that was found for a text, and whether it is surely the one that was meant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point

GOOD: Final = 2.0
"""A place that contradicts a text by more was hardly meant: others with wrong letters are looked for."""

SURE: Final = 1.0
"""A place that contradicts a text by at most this much is taken without a question, if no other place comes close."""

MARGIN: Final = 1.0
"""Another place that contradicts the text by less than this more may be meant as well."""

SAME_STREET_M: Final = 300.0
"""One number of one street is there once within this distance, though two files place it."""

SAME_PLACE_M: Final = 15.0
"""Two streets with one number this close are one street with two names."""

FAR_DEGREES: Final = SAME_STREET_M / METERS_PER_DEGREE

NUMBERED: Final = frozenset({"rooftop", "range"})


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a text may mean.

    precision: "rooftop" on an address point, "range" between the numbers of a block, "street" for a corner, a block
    or a street alone, "area" for a place by name. cost: how far it is from what was typed, 0 for the same. against:
    how much of that contradicts the text; the rest is only left out in it. is_near: the number is not there, and this
    is the closest one that is. is_sure: nothing else may be meant. street: its number in the database, 0 for none.
    beside: a street that crosses there, where another place has the same address.
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
        """Whether this is surely the address that was typed."""
        return self.precision in NUMBERED and self.is_sure

    @property
    def address(self) -> str:
        """The whole line: street, city and ZIP code; and a street that crosses there where two have the same line."""
        line = ", ".join(filter(None, (self.label, " ".join(filter(None, (self.city, self.zip_code))))))
        return f"{line} ({self.beside})" if self.beside else line

    def is_same(self, other: "Found") -> bool:
        """Return whether another one is the same place: found twice, or under two names of its street."""
        if self.precision != other.precision and not {self.precision, other.precision} <= NUMBERED:
            return False
        if abs(self.point.latitude - other.point.latitude) > FAR_DEGREES:
            return False  # most are: the distance is asked for of the others alone
        is_one_street = self.street == other.street and self.label == other.label
        return self.point.distance_m(other.point) <= (SAME_STREET_M if is_one_street else SAME_PLACE_M)


def distinct(found: Sequence[Found]) -> list[Found]:
    """Return each place once, the likeliest first. A point is better than the same number on a range."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda each: (each.cost, each.address)):
        if not any(each.is_same(other) for other in kept):
            kept.append(each)
    return kept


def decided(found: Sequence[Found]) -> list[Found]:
    """Return places, the likeliest first; it is marked as sure unless another place may be meant as well."""
    if len(tied(found)) != 1:
        return list(found)
    return [replace(found[0], is_sure=True), *found[1:]]


def tied(found: Sequence[Found]) -> list[Found]:
    """Return the places that may be meant: the likeliest, and those that contradict the text hardly more than it."""
    if not found or found[0].against > SURE or found[0].is_near:
        return []
    best, *others = found
    rivals = [other for other in others if other.against < best.against + MARGIN and not other.is_near]
    if best.precision in NUMBERED:
        rivals = [other for other in rivals if other.precision in NUMBERED]
    return [best, *rivals]
