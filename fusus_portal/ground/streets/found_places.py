"""A place that was found for a text."""

from dataclasses import dataclass
from typing import Final

from fusus_portal.ground.geo.points import Point

GOOD: Final = 2.0
"""A place of at most this cost was surely meant: nothing with wrong letters is looked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a text may mean.

    precision: "rooftop" on an address point, "range" between the numbers of a block, "street" for a corner, a block
    or a street alone, "area" for a place by name. cost: how far it is from what was typed, 0 for the same.
    is_near: the number is not there, and this is the closest one that is.
    """

    label: str
    point: Point
    precision: str
    city: str = ""
    zip_code: str = ""
    cost: float = 0.0
    is_near: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether this is surely the address that was typed."""
        return self.precision in {"rooftop", "range"} and self.cost <= GOOD and not self.is_near

    @property
    def address(self) -> str:
        """The whole line: street, city and ZIP code."""
        return ", ".join(filter(None, (self.label, " ".join(filter(None, (self.city, self.zip_code))))))
