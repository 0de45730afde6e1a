"""Loading the county's files: read, checked, and put in the place of what was there, in one transaction."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TextIO

import numpy as np
import shapely
from django.db import connection, transaction
from psycopg import sql

from .models import CENSUS, Corner, House, LoadState, Segment, Site, Street, StreetData
from .readers import HouseRow, SegmentRow, SiteRow, Source, Unreadable
from .readers.tiger import STREETS
from .street_names import StreetName, plain, street_name

OnProgress = Callable[[str, int, int | None], None]
"""Told of progress: the file's name, rows so far, rows in all where that is known."""

STEP: Final = 20_000
"""Rows between two notes of progress."""

_VERTEX: Final = 1_000_000
"""Corners are where lines meet to a millionth of a degree (0.1 m)."""


@dataclass(slots=True)
class Streets:
    """The streets met so far, each with its number in the database."""

    first: int
    labels: dict[StreetName, str] = field(default_factory=dict)
    numbers: dict[StreetName, int] = field(default_factory=dict)
    by_text: dict[str, int | None] = field(default_factory=dict)

    def number(self, text: str) -> int | None:
        """Return the number of a street by its name as written, None for no name."""
        if text in self.by_text:
            return self.by_text[text]
        name = street_name(text)
        number = None
        if name.base:
            number = self.numbers.setdefault(name, self.first + len(self.numbers))
            self.labels.setdefault(name, label(text))
        self.by_text[text] = number
        return number


@dataclass(slots=True)
class Report:
    """What came of a loading."""

    data: StreetData
    counts: Counter[str]
    bad: int


def label(text: str) -> str:
    """Return a street's name as people read it: "20TH ST S" as "20th St S"."""
    if not text.isupper():
        return " ".join(text.split())
    return " ".join(word if len(word) < 3 and word in _STAYS else _title(word) for word in text.split())


def load(
    sources: Sequence[Source],
    *,
    dated: date | None = None,
    attribution: str = CENSUS,
    faults: TextIO | None = None,
    progress: OnProgress = lambda name, done, whole: None,
) -> Report:
    """Load files in the place of what was loaded before, which is kept to go back to.

    attribution: whose data it is, as maps say. faults: gets a CSV line for each row that is left out: file, row, why.
    Raises Unreadable, with nothing changed.
    """
    with transaction.atomic():
        data = StreetData.objects.create(dated=dated, attribution=attribution)
        report = _Loading(data, faults, progress).run(sources)
        _put_in_use(data)
    return report


def go_back() -> StreetData:
    """Put the loading before the current one in use, and keep the current one to go back to."""
    with transaction.atomic():
        previous = StreetData.objects.select_for_update().get(state=LoadState.PREVIOUS)
        _put_in_use(previous)
    return previous


def clear_old() -> int:
    """Delete the rows of loadings that are not in use and not kept; return how many there were."""
    gone = list(StreetData.objects.filter(state=LoadState.LOADING).values_list("pk", flat=True))
    count = 0
    for model in (Corner, House, Segment, Site, Street):
        count += model.objects.filter(data__in=gone).delete()[0]
    StreetData.objects.filter(pk__in=gone).delete()
    return count


def _put_in_use(data: StreetData) -> None:
    StreetData.objects.filter(state=LoadState.PREVIOUS).exclude(pk=data.pk).update(state=LoadState.LOADING)
    StreetData.objects.filter(pk=data.pk).update(state=LoadState.LOADING)
    StreetData.objects.filter(state=LoadState.CURRENT).update(state=LoadState.PREVIOUS)
    StreetData.objects.filter(pk=data.pk).update(state=LoadState.CURRENT)


class _Loading:
    def __init__(self, data: StreetData, faults: TextIO | None, progress: OnProgress) -> None:
        self.data = data
        self.progress = progress
        self.faults = csv.writer(faults) if faults else None
        self.streets = Streets(first=_next_number())
        self.counts: Counter[str] = Counter()
        self.bad = 0
        self.vertices: list[np.ndarray[Any, np.dtype[np.int64]]] = []

    def run(self, sources: Sequence[Source]) -> Report:
        drawn = next((kind for kind in STREETS if any(source.kind == kind for source in sources)), "")
        for source in sources:
            self._source(source, drawn=source.kind == drawn)
        self._corners()
        self._streets()
        if not self.counts:
            raise Unreadable("No street and no address is in these files.")
        self.data.counts = dict(self.counts)
        self.data.save(update_fields=["counts", "sources"])
        _analyze()
        return Report(self.data, self.counts, self.bad)

    def _source(self, source: Source, *, drawn: bool) -> None:
        bad_before, good = self.bad, 0
        rows = self._counted(source)
        if source.kind == "addresses":
            good = self._houses(rows)
        elif source.kind in STREETS:
            good = self._segments(rows, drawn=drawn)
        else:
            good = self._sites(rows)
        bad = self.bad - bad_before
        if bad and bad > good:
            raise Unreadable(f"Most rows of {source.path.name} can't be used: {bad} of {bad + good}.")
        self.data.sources.append({"name": source.path.name, "kind": source.kind, "rows": good, "left_out": bad})

    def _counted(self, source: Source) -> Iterator[Any]:
        def on_bad(number: int, why: str) -> None:
            self.bad += 1
            if self.faults:
                self.faults.writerow([source.path.name, number, why])

        done = 0
        for row in source.rows(on_bad):
            done += 1
            if done % STEP == 0:
                self.progress(source.path.name, done, source.count)
            yield row
        self.progress(source.path.name, done, source.count or done)

    def _houses(self, rows: Iterable[HouseRow]) -> int:
        names = ("data_id", "street_id", "number", "letter", "zip_code", "city", "latitude", "longitude")
        data, number_of, cities = self.data.pk, self.streets.number, _Cache()
        count = 0
        with _copy(House, names) as write:
            for row in rows:
                street = number_of(row.street)
                if street is None:
                    continue
                count += 1
                write(
                    f"{data}\t{street}\t{row.number}\t{_text(row.letter)}\t{_text(row.zip_code)}\t{cities[row.city]}"
                    f"\t{row.latitude!r}\t{row.longitude!r}\n"
                )
        self.counts["addresses"] += count
        return count

    def _segments(self, rows: Iterable[SegmentRow], *, drawn: bool) -> int:
        names = (
            "data_id", "street_id", "road", "drawn", "left_from", "left_to", "right_from", "right_to", "left_zip",
            "right_zip", "line", "west", "south", "east", "north",
        )  # fmt: skip
        count = 0
        with _copy(Segment, names) as write:
            for row in rows:
                street = self.streets.number(row.name) if row.name else None
                line = np.array(row.line)
                west, south = line.min(axis=0)
                east, north = line.max(axis=0)
                if street is not None:
                    self._keep_vertices(street, line)
                ranges = [*(row.left or (None, None)), *(row.right or (None, None))]
                told = [self.data.pk, street, row.road, "t" if drawn else "f", *ranges, row.left_zip, row.right_zip]
                wkb = shapely.to_wkb(shapely.LineString(line)).hex()
                box = f"{float(west)!r}\t{float(south)!r}\t{float(east)!r}\t{float(north)!r}"
                values = "\t".join(r"\N" if value is None else _text(str(value)) for value in told)
                write(f"{values}\t\\\\x{wkb}\t{box}\n")
                count += 1
        self.counts["segments"] += count
        return count

    def _sites(self, rows: Iterable[SiteRow]) -> int:
        names = ("data_id", "name", "key", "road", "latitude", "longitude", "outline")
        count = 0
        with _copy(Site, names) as write:
            for row in rows:
                shape = _shape(row)
                middle = shape.representative_point()
                key = plain(row.name).replace(" ", "")[:120]
                wkb = shapely.to_wkb(shape).hex()
                told = "\t".join(_text(value) for value in (row.name[:120], key, row.kind))
                write(f"{self.data.pk}\t{told}\t{middle.y!r}\t{middle.x!r}\t\\\\x{wkb}\n")
                count += 1
        self.counts["sites"] += count
        return count

    def _keep_vertices(self, street: int, line: "np.ndarray[Any, np.dtype[np.float64]]") -> None:
        steps = np.round(line * _VERTEX).astype(np.int64)
        codes = (steps[:, 0] << 32) + (steps[:, 1] & 0xFFFFFFFF)
        self.vertices.append(np.column_stack([codes, np.full(len(codes), street, np.int64)]))

    def _corners(self) -> None:
        """Write where streets meet: each vertex that lines of two streets share."""
        if not self.vertices:
            return
        pairs = np.unique(np.concatenate(self.vertices), axis=0)
        codes, starts, sizes = np.unique(pairs[:, 0], return_index=True, return_counts=True)
        names = ("data_id", "street_id", "other_id", "latitude", "longitude")
        with _copy(Corner, names) as write:
            for code, start, size in zip(*(each[sizes > 1].tolist() for each in (codes, starts, sizes)), strict=True):
                longitude, latitude = (code >> 32) / _VERTEX, _signed(code & 0xFFFFFFFF) / _VERTEX
                met = pairs[start : start + size, 1].tolist()
                for street in met:
                    for other in met:
                        if street != other:
                            write(f"{self.data.pk}\t{street}\t{other}\t{latitude!r}\t{longitude!r}\n")
                self.counts["corners"] += 1

    def _streets(self) -> None:
        names = ("id", "data_id", "key", "base", "kind", "direction", "first", "label")
        with _copy(Street, names) as write:
            for name, number in self.streets.numbers.items():
                parts = (name.key[:100], name.base[:100], name.kind, name.direction, "t" if name.first else "f")
                told = "\t".join(_text(part) for part in (*parts, self.streets.labels[name][:120]))
                write(f"{number}\t{self.data.pk}\t{told}\n")
        self.counts["streets"] = len(self.streets.numbers)


class _Cache(dict[str, str]):
    """Names of cities as they are written into the database, each cleaned once."""

    def __missing__(self, city: str) -> str:
        tidy = " ".join(city.split())[:60]
        self[city] = told = _text(tidy.title() if tidy.isupper() else tidy)
        return told


@contextmanager
def _copy(model: type[Any], names: Sequence[str]) -> Iterator[Callable[[str], None]]:
    """Give the function that adds a line to a table. Lines go to the server in batches."""
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    batch: list[str] = []
    with connection.cursor() as cursor, cursor.copy(query) as copy:

        def write(line: str) -> None:
            batch.append(line)
            if len(batch) >= 5_000:
                copy.write("".join(batch))
                batch.clear()

        yield write
        copy.write("".join(batch))


def _next_number() -> int:
    """Reserve the numbers of a loading's streets. Streets of one loading are far fewer than a hundred million."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM streets_street")
        return int(cursor.fetchone()[0])


def _analyze() -> None:
    """Let the planner know the new rows, where the application may do that."""


def _shape(row: SiteRow) -> Any:
    if not row.is_area:
        return shapely.MultiLineString(row.rings)
    polygons = [shapely.Polygon(ring) for ring in row.rings if len(ring) > 3]
    shape = polygons[0]
    for other in polygons[1:]:
        shape = shape.symmetric_difference(other)
    return shape if shape.is_valid else shapely.make_valid(shape)


def _signed(value: int) -> int:
    return value - (1 << 32) if value >= 1 << 31 else value


def _text(value: str) -> str:
    """Return a value as COPY reads it."""
    if value.isalnum():
        return value
    return value.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ").replace("\0", "")


_STAYS: Final = frozenset(["N", "S", "E", "W", "NE", "NW", "SE", "SW", "US", "CO", "I", "II", "III", "IV"])


def _title(word: str) -> str:
    return word.lower() if word[0].isdigit() else word.capitalize()
