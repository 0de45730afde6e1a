"""Filling a loading with the rows of the county's files."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TextIO

from django.db import connection
from django.utils.translation import gettext as _

from fusus_portal.ground.tables.spreadsheets import harmless

from .home_county import Sample
from .models import StreetData
from .readers import Row, Source, Unreadable
from .readers.rows import OnBadRow
from .readers.tiger import STREETS
from .row_writers import CornerRows, HouseRows, SegmentRows, SiteRows, StreetNumbers

OnProgress = Callable[[str, int, int | None], None]
"""Told of progress: the file's name, rows so far, rows in all where that is known."""

STEP: Final = 10_000
"""Rows that are written at once."""

EXAMPLES: Final = 5
"""Rows of a file that the loading names of those that were left out."""


def unheard(name: str, done: int, whole: int | None) -> None:
    """Tell nobody of progress."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a loading: the data, rows by kind, and how many rows were left out."""

    data: StreetData
    counts: Counter[str]
    bad: int


def fill(
    data: StreetData,
    sources: Sequence[Source],
    *,
    elsewhere: bool = False,
    faults: TextIO | None = None,
    progress: OnProgress = unheard,
) -> Report:
    """Write the rows of files, inside the caller's transaction. Raises Unreadable.

    elsewhere: whether another county's data is taken. faults: gets a CSV line for each row that is left out: file, row,
    why.
    """
    return _Loading(data, faults, progress, elsewhere=elsewhere).run(sources)


class _Loading:
    def __init__(self, data: StreetData, faults: TextIO | None, progress: OnProgress, *, elsewhere: bool) -> None:
        self.data = data
        self.progress = progress
        self.elsewhere = elsewhere
        self.faults = csv.writer(faults) if faults else None
        self.streets = StreetNumbers(data.pk)
        self.corners = CornerRows(data.pk)
        self.counts: Counter[str] = Counter()
        self.bad = 0

    def run(self, sources: Sequence[Source]) -> Report:
        drawn = next((kind for kind in STREETS if any(source.kind == kind for source in sources)), "")
        self.data.sources = [self._source(source, is_drawn=source.kind == drawn) for source in sources]
        if not self.counts.total():
            raise Unreadable(_("No street and no address is in these files."))
        self.counts["corners"] = self.corners.write()
        self.counts["streets"] = self.streets.write()
        self.data.counts = dict(self.counts)
        self.data.cities = _cities_by_zip_code(self.data)
        self.data.save(update_fields=["counts", "sources", "cities"])
        return Report(self.data, self.counts, self.bad)

    def _source(self, source: Source, *, is_drawn: bool) -> dict[str, Any]:
        """Write the rows of a file; return what the loading says of it."""
        bad_before, good, sample = self.bad, 0, Sample()
        examples: list[tuple[int, str]] = []
        with self._writer(source.kind, is_drawn=is_drawn) as writer:
            for rows in _pieces(source.rows(self._on_bad(source.name, examples))):
                sample.add(rows)
                good += writer.write(rows)
                self.progress(source.name, good, source.count)
        bad = self.bad - bad_before
        if bad > good:
            told = {"name": source.name, "bad": f"{bad:,}", "rows": f"{bad + good:,}"}
            raise Unreadable(_("Most rows of %(name)s can't be used: %(bad)s of %(rows)s.") % told)
        if not self.elsewhere:
            sample.check(source.name)
        self.counts[writer.counted] += good
        return {"name": source.name, "kind": source.kind, "rows": good, "left_out": bad, "examples": examples}

    def _writer(self, kind: str, *, is_drawn: bool) -> HouseRows | SegmentRows | SiteRows:
        if kind == "addresses":
            return HouseRows(self.data.pk, self.streets)
        if kind in STREETS:
            return SegmentRows(self.data.pk, self.streets, self.corners, is_drawn=is_drawn, has_ends=kind != "roads")
        return SiteRows(self.data.pk)

    def _on_bad(self, name: str, examples: list[tuple[int, str]]) -> OnBadRow:
        def on_bad(number: int, why: str) -> None:
            self.bad += 1
            if len(examples) < EXAMPLES:
                examples.append((number, why))
            if self.faults:
                self.faults.writerow([harmless(name), number, harmless(why)])

        return on_bad


def _pieces(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while piece := list(islice(rows, STEP)):
        yield piece


def _cities_by_zip_code(data: StreetData) -> dict[str, list[str]]:
    """Return the cities of each ZIP code, that with the most addresses first; "" has those without a ZIP code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT zip_code, city FROM streets_house WHERE data_id = %s AND city <> '' GROUP BY zip_code, city "
            "ORDER BY zip_code, count(*) DESC, city",
            [data.pk],
        )
        cities: dict[str, list[str]] = {}
        for zip_code, city in cursor.fetchall():
            cities.setdefault(zip_code, []).append(city)
    return cities
