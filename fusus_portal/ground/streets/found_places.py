from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point

GOOD: Final = 2.0
"""Above this contradiction a place is unlikely, so the search allows typos."""

SURE: Final = 1.0
"""Up to this contradiction a place needs no question, unless another comes close."""

MARGIN: Final = 1.0
"""Another place within this additional contradiction may be meant too."""

SAME_STREET_M: Final = 300.0
"""Meters within which one number of one street is the same place in two files."""

SAME_PLACE_M: Final = 15.0
"""Meters within which two streets with one number are one street with two names."""

FAR_DEGREES: Final = SAME_STREET_M / METERS_PER_DEGREE

NUMBERED: Final = frozenset({"rooftop", "range"})


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a text may mean.

    precision: "rooftop" on an address point, "range" between the numbers of a block, "street" for a corner, a block or
    a street alone, "area" for a named place. cost: difference from the text, 0 for none. against: the contradicting
    part of it. is_near: the closest existing number to a missing one. is_sure: needs no question. street: its id, or 0.
    beside: a crossing street, if another place has the same address.
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
        """The whole line: street, city and ZIP code, and a crossing street if two places share it."""
        line = ", ".join(filter(None, (self.label, " ".join(filter(None, (self.city, self.zip_code))))))
        return f"{line} ({self.beside})" if self.beside else line

    def is_same(self, other: "Found") -> bool:
        """True for the same place found twice, or under two names of its street."""
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
