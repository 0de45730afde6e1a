from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from fusus_portal.ground.geo.counties import county_at
from fusus_portal.ground.geo.jurisdiction import inside_jurisdiction, own_county
from fusus_portal.ground.geo.points import Point

from .readers import Row, Unreadable

OF_A_PIECE = 20
"""Rows sampled evenly from each piece of a file."""


class Elsewhere(Unreadable):
    """A file of another county; the sentence names both."""


class Sample:
    def __init__(self) -> None:
        self.points: list[Point] = []

    def add(self, rows: Sequence[Row]) -> None:
        for row in rows[:: max(1, len(rows) // OF_A_PIECE)]:
            longitude, latitude = row.place
            self.points.append(Point(latitude, longitude))

    def check(self, name: str) -> None:
        own = own_county()
        outside = [point for point in self.points if not (own.contains(point) or inside_jurisdiction(point))]
        if len(outside) * 2 <= len(self.points):
            return
        counties = (county_at(point) for point in outside[:: max(1, len(outside) // OF_A_PIECE)])
        counted = Counter(str(county) for county in counties if county)
        where = counted.most_common(1)[0][0] if counted else _("no county")
        told = {"name": name, "where": where, "own": own}
        raise Elsewhere(_("Most of %(name)s is in %(where)s, and this portal is for %(own)s.") % told)
