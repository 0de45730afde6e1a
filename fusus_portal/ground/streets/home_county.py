"""Whether a file is of the county that this portal is for."""

from collections import Counter
from collections.abc import Sequence

from fusus_portal.ground.geo.counties import county_at
from fusus_portal.ground.geo.jurisdiction import inside_jurisdiction, own_county
from fusus_portal.ground.geo.points import Point

from .readers import Row, Unreadable

OF_A_PIECE = 20
"""Rows that are looked at of each piece of a file, evenly."""


class Elsewhere(Unreadable):
    """A file of another county; the sentence names both."""


class Sample:
    """Places of a file, some of all its parts."""

    def __init__(self) -> None:
        self.points: list[Point] = []

    def add(self, rows: Sequence[Row]) -> None:
        """Look at some of the rows that come next."""
        for row in rows[:: max(1, len(rows) // OF_A_PIECE)]:
            longitude, latitude = row.place
            self.points.append(Point(latitude, longitude))

    def check(self, name: str) -> None:
        """Raise Elsewhere where most of a file is in another county, or in none."""
        own = own_county()
        outside = [point for point in self.points if not (own.contains(point) or inside_jurisdiction(point))]
        if len(outside) * 2 <= len(self.points):
            return
        counties = (county_at(point) for point in outside[:: max(1, len(outside) // OF_A_PIECE)])
        counted = Counter(str(county) for county in counties if county)
        where = counted.most_common(1)[0][0] if counted else "no county"
        raise Elsewhere(f"Most of {name} is in {where}, and this portal is for {own}.")
