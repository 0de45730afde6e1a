"""Two libraries in forty lines: usaddress takes a text apart, rapidfuzz compares its street with the rows."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import usaddress
from rapidfuzz import fuzz, process


class Row(NamedTuple):
    """A row of a county's file: a point has one number and place, a side of a range the first and the last."""

    first: int
    last: int
    street: str
    city: str
    zip_code: str
    start: tuple[float, float]
    end: tuple[float, float]


class Peer:
    """The rows of a county, by street."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.streets: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self.streets[row.street.upper()].append(row)

    def find(self, text: str) -> tuple[float, float] | None:
        """Return the longitude and latitude of the row that is most like a text, None for none."""
        told: dict[str, str] = defaultdict(str)
        for word, label in usaddress.parse(text):
            told["Street" if label.startswith("StreetName") else label] += f" {word.strip(',').upper()}"
        digits = "".join(filter(str.isdigit, told["AddressNumber"]))
        streets = process.extract(told["Street"].strip(), list(self.streets), scorer=fuzz.ratio, limit=10)
        scores = {}
        for street, score, _at in streets:
            for row in self.streets[street]:
                if digits and row.first <= int(digits) <= row.last and (int(digits) - row.first) % 2 == 0:
                    city = fuzz.ratio(told["PlaceName"].strip(), row.city.upper()) / 10 if row.city else 0
                    scores[row] = score + city + 10 * (row.zip_code in told["ZipCode"])
        if not scores:
            return None
        best = max(scores, key=lambda row: scores[row])
        share = (int(digits) - best.first) / max(best.last - best.first, 1)
        (x, y), (to_x, to_y) = best.start, best.end
        return x + (to_x - x) * share, y + (to_y - y) * share
