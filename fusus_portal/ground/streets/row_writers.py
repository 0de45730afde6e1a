"""Writers of a load's rows by COPY, thousands at once. They keep the texts that they escaped, since values repeat."""

import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager
from itertools import islice, permutations
from typing import Any, ClassVar, Final, Self, cast

import numpy as np
import shapely
from django.db import connection
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from psycopg import sql

from fusus_portal.ground.streets.finder.names import StreetName, compact, label, street_name

from .address_blocks import AddressBlock
from .readers.rows import HouseRow, Row, SegmentRow, SiteRow, Unreadable

STREETS_OF_A_LOADING: Final = 1 << 24
"""Ids reserved for the streets of one load. They begin at the load's own id times this number."""

_VERTEX: Final = 1_000_000
"""Steps of a degree (0.1 m each): lines of streets with a point in the same step share a corner."""

MOST_NAMES: Final = 500_000
"""Most different names of streets, cities or ZIP codes in one load. Los Angeles County has some 70,000 streets."""

CORNERS: Final = 2_000
"""Corners written at a time."""

_NONE: Final = r"\N"


def _check_count(names: Sized) -> None:
    """Raise Unreadable for more different names than a county has: they are kept in memory."""
    if len(names) >= MOST_NAMES:
        told = {"most": f"{MOST_NAMES:,}"}
        raise Unreadable(
            _("A column of these files has more than %(most)s different names. Is it that of the street, or the city?")
            % told
        )


class _Copied(dict[str, str]):
    def __missing__(self, text: str) -> str:
        _check_count(self)
        self[text] = told = _escaped(text)
        return told


class _Cities(dict[str, str]):
    """Names of cities, escaped for COPY and tidied: "BIRMINGHAM" as "Birmingham"."""

    def __missing__(self, text: str) -> str:
        _check_count(self)
        tidy = " ".join(text.split())[:60]
        self[text] = told = _escaped(tidy.title() if tidy.isupper() else tidy)
        return told


class RowWriter:
    """Writes rows to one table by COPY. counted: name of their number in `StreetData.counts`."""

    table: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    counted: ClassVar[str]

    @contextmanager
    def opened(self) -> Iterator[Self]:
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.table), sql.SQL(", ").join(map(sql.Identifier, self.columns))
        )
        with connection.cursor() as cursor, cursor.copy(query) as self.copy:
            yield self

    def written(self, lines: Sequence[str]) -> int:
        self.copy.write("".join(lines))
        return len(lines)


class HouseRows(RowWriter):
    table = "streets_house"
    columns = ("data_id", "street_id", "number", "letter", "zip_code", "city", "latitude", "longitude")
    counted = "addresses"

    def __init__(self, data: int, streets: "StreetNumbers") -> None:
        self.data, self.streets, self.texts, self.cities = data, streets, _Copied(), _Cities()

    def write(self, rows: Iterable[Row]) -> int:
        """Write the addresses on streets that have a name; return their number."""
        data, streets, texts, cities = self.data, self.streets, self.texts, self.cities
        lines = [
            f"{data}\t{street}\t{number}\t{texts[letter]}\t{texts[code]}\t{cities[city]}\t{latitude!r}\t{longitude!r}\n"
            for number, letter, name, city, code, longitude, latitude in cast("Iterable[HouseRow]", rows)
            if (street := streets[name])
        ]
        return self.written(lines)


class SegmentRows(RowWriter):
    """Writes segments and collects corners of streets. has_ends: streets meet only at ends of segments."""

    table = "streets_segment"
    columns = (
        "data_id", "street_id", "road", "drawn", "left_from", "left_to", "right_from", "right_to", "left_zip",
        "right_zip", "line", "west", "south", "east", "north",
    )  # fmt: skip
    counted = "segments"

    def __init__(
        self, data: int, streets: "StreetNumbers", corners: "CornerRows", *, is_drawn: bool, has_ends: bool
    ) -> None:
        self.data, self.streets, self.corners, self.texts = data, streets, corners, _Copied()
        self.drawn = "t" if is_drawn else "f"
        self.has_ends = has_ends

    def write(self, rows: Iterable[Row]) -> int:
        return self.written([self._line(row) for row in cast("Iterable[SegmentRow]", rows)])

    def write_blocks(self, blocks: Iterable[AddressBlock]) -> int:
        return self.written([self._told(block.street, block.row) for block in blocks])

    def _line(self, row: SegmentRow) -> str:
        street = self.streets[row.name]
        if street:
            self.corners.add(street, (row.line[0], row.line[-1]) if self.has_ends else row.line)
        return self._told(street, row)

    def _told(self, street: int, row: SegmentRow) -> str:
        _name, road, line, left, right, left_zip, right_zip = row
        texts = self.texts
        x, y = zip(*line, strict=True)
        return (
            f"{self.data}\t{street or _NONE}\t{texts[road]}\t{self.drawn}\t{_ends(left)}\t{_ends(right)}"
            f"\t{texts[left_zip]}\t{texts[right_zip]}\t\\\\x{_well_known(line)}"
            f"\t{min(x)!r}\t{min(y)!r}\t{max(x)!r}\t{max(y)!r}\n"
        )


class SiteRows(RowWriter):
    table = "streets_site"
    columns = ("data_id", "name", "key", "road", "latitude", "longitude", "outline")
    counted = "sites"

    def __init__(self, data: int) -> None:
        self.data = data

    def write(self, rows: Iterable[Row]) -> int:
        return self.written([self._line(row) for row in cast("Iterable[SiteRow]", rows)])

    def _line(self, row: SiteRow) -> str:
        shape = _outline(row)
        middle = shape.representative_point()
        told = "\t".join(map(_escaped, (row.name[:120], compact(row.name)[:120], row.kind)))
        return f"{self.data}\t{told}\t{middle.y!r}\t{middle.x!r}\t\\\\x{shapely.to_wkb(shape).hex()}\n"


class StreetNumbers(dict[str, int]):
    """Ids of a load's streets by their names in files; 0 for an empty name."""

    def __init__(self, data: int) -> None:
        super().__init__()
        self.data = data
        self.known: dict[StreetName, tuple[int, str]] = {}

    def __missing__(self, text: str) -> int:
        _check_count(self)
        name = street_name(text)
        number = 0
        if name.key:
            fresh = self.data * STREETS_OF_A_LOADING + len(self.known)
            number, _label = self.known.setdefault(name, (fresh, label(text)))
        self[text] = number
        return number

    def write(self) -> int:
        with _StreetRows().opened() as writer:
            for name, (number, shown) in self.known.items():
                parts = (name.key[:100], name.base[:100], name.kind, name.direction, "ft"[name.first], shown[:120])
                told = "\t".join(map(_escaped, parts))
                writer.copy.write(f"{number}\t{self.data}\t{told}\n")
        return len(self.known)


class _StreetRows(RowWriter):
    table = "streets_street"
    columns = ("id", "data_id", "key", "base", "kind", "direction", "first", "label")


class CornerRows(RowWriter):
    """Collects and writes corners: points shared by lines of two streets."""

    table = "streets_corner"
    columns = ("data_id", "street_id", "other_id", "latitude", "longitude")

    def __init__(self, data: int) -> None:
        self.data = data
        self.streets = array("q")
        self.places = array("d")

    def add(self, street: int, places: Sequence[tuple[float, float]]) -> None:
        for place in places:
            self.places.extend(place)
            self.streets.append(street)

    def write(self) -> int:
        if not self.places:
            return 0
        with self.opened():
            meetings = self._meetings()
            count = 0
            while piece := list(islice(meetings, CORNERS)):
                self.copy.write("".join(line for place, met in piece for line in self._lines(place, met)))
                count += len(piece)
        return count

    def _lines(self, place: tuple[float, float], met: Sequence[int]) -> Iterator[str]:
        longitude, latitude = place
        for street, other in permutations(met, 2):
            yield f"{self.data}\t{street}\t{other}\t{latitude!r}\t{longitude!r}\n"

    def _meetings(self) -> Iterator[tuple[tuple[float, float], list[int]]]:
        steps: NDArray[np.int64] = np.round(np.array(self.places).reshape(-1, 2) * _VERTEX).astype(np.int64)
        codes, streets = (steps[:, 0] << 32) + (steps[:, 1] & 0xFFFFFFFF), np.array(self.streets)
        order = np.lexsort((streets, codes))
        codes, streets, steps = codes[order], streets[order], steps[order]
        starts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(codes)], strict=True):
            if end - start > 1 and streets[start] != streets[end - 1]:
                longitude, latitude = (steps[start] / _VERTEX).tolist()
                yield (longitude, latitude), list(dict.fromkeys(streets[start:end].tolist()))


def _ends(side: tuple[int, int] | None) -> str:
    return f"{side[0]}\t{side[1]}" if side else f"{_NONE}\t{_NONE}"


def _well_known(line: Sequence[tuple[float, float]]) -> str:
    """Return a line as little-endian well-known binary in hexadecimal digits (OGC 06-103r4)."""
    flat = [value for point in line for value in point]
    return struct.pack(f"<BII{len(flat)}d", 1, 2, len(line), *flat).hex()


def _outline(row: SiteRow) -> Any:
    """Return the shape of a park or water. Rings of an area run clockwise, those of its holes counterclockwise."""
    if not row.is_area:
        return shapely.MultiLineString(row.rings)
    rings = [shapely.LinearRing(ring) for ring in row.rings]
    areas = shapely.make_valid([shapely.Polygon(ring) for ring in rings])
    is_hole = shapely.is_ccw(rings)
    if is_hole.all():
        return shapely.union_all(areas)
    whole = shapely.union_all(areas[~is_hole])
    rest = shapely.difference(whole, shapely.union_all(areas[is_hole]))
    return whole if rest.is_empty else rest


def _escaped(text: str) -> str:
    """Escape a text for COPY (PostgreSQL, COPY, text format)."""
    if text.isalnum():
        return text
    return text.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ").replace("\0", "")
