"""Contents of a load of streets: rows of files that belong to this county, and what is derived from them."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Final, TextIO

from django.db import DataError
from django.db.models import Count
from django.utils.translation import gettext as _

from fusus_portal.ground.geo.counties import county_at, inside_jurisdiction, own_county
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets.address_blocks import AddressBlock, blocks_of, corners_of
from fusus_portal.ground.streets.models import House, StreetData
from fusus_portal.ground.streets.readers.rows import SWAPPED, OnBadRow, Source, Unreadable, shown
from fusus_portal.ground.streets.readers.shapefiles import STREETS
from fusus_portal.ground.streets.row_writers import CornerRows, HouseRows, SegmentRows, SiteRows, StreetNumbers
from fusus_portal.ground.tables import harmless

OF_A_PIECE = 20
"""Rows sampled evenly from each piece of a file, to find its county."""


class Elsewhere(Unreadable):
    """A file of another county; the sentence names both counties."""


def _check_county(name: str, sample: Sequence[Point]) -> None:
    own = own_county()
    outside = [point for point in sample if not (own.contains(point) or inside_jurisdiction(point))]
    if len(outside) * 2 <= len(sample):
        return
    counties = (county_at(point) for point in outside[:: max(1, len(outside) // OF_A_PIECE)])
    counted = Counter(str(county) for county in counties if county)
    where = counted.most_common(1)[0][0] if counted else _("no county")
    told = {"name": name, "where": where, "own": own}
    raise Elsewhere(_("Most of %(name)s is in %(where)s, and this portal is for %(own)s.") % told)


OnProgress = Callable[[str, int, int | None], None]
"""A function that is told of progress: file name, rows so far, total rows or None."""

STEP: Final = 10_000
"""Rows written at a time."""

EXAMPLES: Final = 5
"""Skipped rows of each file that the load shows as examples."""

LOOKED_AT: Final = 1_000
"""Skipped rows of a file that are counted by reason, for the sentence that refuses it."""


def fill(
    data: StreetData,
    sources: Sequence[Source],
    *,
    elsewhere: bool = False,
    faults: TextIO | None = None,
    progress: OnProgress = lambda *_told: None,
) -> None:
    """Write the rows of files, in the caller's transaction. faults: gets skipped rows as CSV. Raises Unreadable."""
    try:
        _Loading(data, faults, progress, elsewhere=elsewhere).run(sources)
    except (DataError, UnicodeEncodeError) as error:
        raise Unreadable(
            _("A part of the files can't be kept: %(error)s. Open them, save them anew, and load them again.")
            % {"error": shown(str(error), 100)}
        ) from error


class _Loading:
    def __init__(self, data: StreetData, faults: TextIO | None, progress: OnProgress, *, elsewhere: bool) -> None:
        self.data = data
        self.progress = progress
        self.elsewhere = elsewhere
        self.faults = csv.writer(faults) if faults else None
        self.streets = StreetNumbers(data.pk)
        self.corners = CornerRows(data.pk)
        self.counts: Counter[str] = Counter()

    def run(self, sources: Sequence[Source]) -> None:
        drawn = next((kind for kind in STREETS if any(source.kind == kind for source in sources)), "")
        self.data.sources = [self._source(source, is_drawn=source.kind == drawn) for source in sources]
        if not self.counts.total():
            raise Unreadable(_("No street and no address is in these files."))
        if not drawn and self.counts["addresses"]:
            self._derive()
        self.counts["corners"] = self.corners.write()
        self.counts["streets"] = self.streets.write()
        self.data.counts = dict(self.counts)
        self.data.cities = _cities_by_zip_code(self.data)
        self.data.save(update_fields=["counts", "sources", "cities"])

    def _derive(self) -> None:
        """Write blocks and corners of streets that exist only as address points."""
        blocks: list[AddressBlock] = []
        for done, many in enumerate(blocks_of(self.data.pk), 1):
            blocks += many
            if done % STEP == 0:
                self.progress(_("Blocks"), done, len(self.streets.known))
        segments = SegmentRows(self.data.pk, self.streets, self.corners, is_drawn=True, has_ends=True)
        with segments.opened():
            self.counts[segments.counted] = segments.write_blocks(blocks)
        for one, other, place in corners_of(blocks):
            self.corners.add(one, [place])
            self.corners.add(other, [place])

    def _source(self, source: Source, *, is_drawn: bool) -> dict[str, Any]:
        good, left_out = 0, _LeftOut()
        sample: list[Point] = []
        writer = self._writer(source.kind, is_drawn=is_drawn)
        with writer.opened():
            found = source.rows(self._on_bad(source.name, left_out))
            while rows := list(islice(found, STEP)):
                places = (row.place for row in rows[:: max(1, len(rows) // OF_A_PIECE)])
                sample += [Point(latitude, longitude) for longitude, latitude in places]
                good += writer.write(rows)
                self.progress(source.name, good + left_out.count, source.count)
        bad = left_out.count
        if bad > good:
            told = {"name": source.name, "bad": f"{bad:,}", "rows": f"{bad + good:,}", "why": left_out.reason()}
            raise Unreadable(_("Most rows of %(name)s can't be used: %(bad)s of %(rows)s. %(why)s") % told)
        if not self.elsewhere:
            _check_county(source.name, sample)
        self.counts[writer.counted] += good
        return {"name": source.name, "kind": source.kind, "rows": good, "left_out": bad, "examples": left_out.examples}

    def _writer(self, kind: str, *, is_drawn: bool) -> HouseRows | SegmentRows | SiteRows:
        if kind == "addresses":
            return HouseRows(self.data.pk, self.streets)
        if kind in STREETS:
            return SegmentRows(self.data.pk, self.streets, self.corners, is_drawn=is_drawn, has_ends=kind != "roads")
        return SiteRows(self.data.pk)

    def _on_bad(self, name: str, left_out: "_LeftOut") -> OnBadRow:
        def on_bad(number: int, why: str) -> None:
            left_out.add(number, why)
            if left_out.count % STEP == 0:
                self.progress(name, left_out.count, None)
            if self.faults:
                self.faults.writerow([harmless(name), number, harmless(why)])

        return on_bad


class _LeftOut:
    def __init__(self) -> None:
        self.count = 0
        self.examples: list[tuple[int, str]] = []
        self.reasons: Counter[str] = Counter()

    def add(self, number: int, why: str) -> None:
        if len(self.examples) < EXAMPLES:
            self.examples.append((number, why))
        if self.count < LOOKED_AT:
            self.reasons[why] += 1
        self.count += 1

    def reason(self) -> str:
        [(why, _count)] = self.reasons.most_common(1)
        if why == str(SWAPPED):
            return f"{why} {_('Exchange the two in the file, and load it again.')}"
        return why


def _cities_by_zip_code(data: StreetData) -> dict[str, list[str]]:
    """Return a load's cities by ZIP code, those with most addresses first; under "" for addresses without a code."""
    named = House.objects.filter(data=data).exclude(city="").values_list("zip_code", "city").annotate(count=Count("*"))
    cities: dict[str, list[str]] = defaultdict(list)
    for zip_code, city, _count in named.order_by("zip_code", "-count", "city"):
        cities[zip_code].append(city)
    return dict(cities)
