"""Shapefiles, also in ZIP files: address points, the Census Bureau's TIGER/Line, boundaries of counties."""

import struct
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Final
from zipfile import Path as PathInZip

import shapefile
import shapely
import shapely.geometry
from django.utils.translation import gettext as _

from fusus_portal.ground.geo.counties import FIELDS, NAMED, Outline, census_outline, state_of
from fusus_portal.ground.streets.finder.numbers import house_number
from fusus_portal.ground.streets.readers.points import Columns
from fusus_portal.ground.streets.readers.rows import (
    ADDRESSES,
    BadRow,
    Coordinate,
    OnBadRow,
    Range,
    Readable,
    Row,
    SegmentRow,
    SiteRow,
    Source,
    Unreadable,
    check_names,
    check_place,
    check_text,
    shown,
)

MOST_UNPACKED: Final = 4 << 30
MOST_RATIO: Final = 200
"""Largest ratio of unpacked to packed size: tables full of blanks reach 170, only bombs 1,000."""

SMALL: Final = 64 << 20
"""Unpacked bytes below which any ratio is allowed."""

MOST_DIRECTORY: Final = 1 << 20
"""Most bytes of a zip file's directory, some ten thousand names. It is read whole."""

PIECE: Final = 1 << 20
_END: Final = struct.Struct("<4s8xLL2x")
_LARGE_END: Final = struct.Struct("<4s36xQQ")
_LOCATOR: Final = 20
_LONGEST_COMMENT: Final = 1 << 16


def file_in_archive(path: Path, kinds: list[set[str]]) -> Readable:
    """Return the first member of the first kind that is there, else the zip file. Raises Unreadable if too large."""
    _check_directory(path)
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        _check_sizes(path, members)
        for kind in kinds:
            found = [each.filename for each in members if Path(each.filename).suffix.lower() in kind]
            if found:
                return zipfile.Path(path, found[0])
    return path


def unpacked(member: PathInZip, ending: str) -> IO[bytes] | None:
    """Return the member beside `member` with another ending, as a nameless file, or None."""
    archive = member.root
    stem = member.at.rpartition(".")[0]
    beside = (name for name in archive.namelist() if name.rpartition(".")[0] == stem and name.lower().endswith(ending))
    name = next(beside, None)
    if name is None:
        return None
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the reader of the shapefile closes it
    try:
        with archive.open(name) as packed:
            while piece := packed.read(PIECE):
                file.write(piece)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _check_sizes(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if sum(each.file_size for each in members) > MOST_UNPACKED:
        raise Unreadable(_("%(name)s holds more than 4 GB. Load its files one by one.") % {"name": shown(path.name)})
    whole = path.stat().st_size
    for each in members:
        if each.file_size > max(SMALL, min(each.compress_size, whole) * MOST_RATIO):
            told = {"name": shown(path.name), "file": shown(each.filename), "times": MOST_RATIO}
            raise Unreadable(
                _(
                    "%(file)s in %(name)s unpacks to more than %(times)d times its size, as no file of addresses does. "
                    "Download it again."
                )
                % told
            )


def _check_directory(path: Path) -> None:
    """Raise Unreadable if a zip file's directory alone would fill the memory (APPNOTE.TXT 4.3.16 and 4.3.14)."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _LONGEST_COMMENT - _END.size - _LOCATOR - _LARGE_END.size))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        return  # zipfile reports that it is no zip file
    _signature, length, _offset = _END.unpack_from(tail, at)
    large_at = at - _LOCATOR - 56
    if large_at >= 0 and tail[large_at : large_at + 4] == b"PK\x06\x06":
        _signature, length, _offset = _LARGE_END.unpack_from(tail, large_at)
    if length > MOST_DIRECTORY:
        raise Unreadable(_("%(name)s holds too many files. Load its files one by one.") % {"name": shown(path.name)})


ROADS, EDGES, ADDRFEAT, AREAS, WATER_LINES = "roads", "edges", "addrfeat", "areas", "water lines"
STREETS: Final = (EDGES, ADDRFEAT, ROADS)
"""Kinds of TIGER/Line files with streets; the map prefers the first."""

TIGER_FIELDS: Final = frozenset(
    {"FULLNAME", "MTFCC", "ROAD_MTFCC", "ROADFLG", "ZIPL", "ZIPR"}
    | {"LFROMADD", "LTOADD", "RFROMADD", "RTOADD", "LFROMHN", "LTOHN", "RFROMHN", "RTOHN"}
)

_CODE: Final = 5
"""Letters of a feature class, and of a ZIP code."""

Parts = Sequence[Sequence[Coordinate]]
Read = Callable[[Sequence[Any], Parts], Iterator[Row]]


def tiger_kind_of(fields: Sequence[str]) -> str | None:
    known = {field.upper() for field in fields}
    if {"LFROMHN", "RFROMHN", "FULLNAME"} <= known:
        return ADDRFEAT
    if {"TFIDL", "TFIDR", "MTFCC", "FULLNAME"} <= known:
        return EDGES
    if "ARTPATH" not in known and {"LINEARID", "FULLNAME", "MTFCC"} <= known:
        return ROADS
    if {"ALAND", "AWATER", "FULLNAME", "MTFCC"} <= known:
        return AREAS
    if {"ANSICODE", "FULLNAME", "MTFCC"} <= known:
        return AREAS if "AREAID" in known else WATER_LINES
    return None


def tiger_reader(kind: str, fields: Sequence[str]) -> Read:
    """Return a function that yields the rows of a record, from values of some of TIGER_FIELDS and its shape's parts."""
    column = {name.upper(): at for at, name in enumerate(fields)}
    if kind in STREETS:
        return _streets(kind, column)
    name, feature = column["FULLNAME"], column["MTFCC"]
    is_area = kind == AREAS
    least = 4 if is_area else 2  # the last corner of an area repeats the first

    def site(values: Sequence[Any], parts: Parts) -> Iterator[Row]:
        rings = [[check_place(x, y) for x, y in part] for part in parts if len(part) >= least]
        if not rings:
            raise BadRow(_("The area has no outline."))
        yield SiteRow(_text(values[name]), _text(values[feature])[:_CODE], rings, is_area)

    return site


def _streets(kind: str, column: dict[str, int]) -> Read:
    name = column["FULLNAME"]
    road = column.get("ROAD_MTFCC", column.get("MTFCC"))
    flag = column.get("ROADFLG")
    zips = column.get("ZIPL"), column.get("ZIPR")
    ends = {EDGES: ("LFROMADD", "LTOADD", "RFROMADD", "RTOADD"), ADDRFEAT: ("LFROMHN", "LTOHN", "RFROMHN", "RTOHN")}
    left_from, left_to, right_from, right_to = (column.get(each) for each in ends.get(kind, ("", "", "", "")))

    def segments(values: Sequence[Any], parts: Parts) -> Iterator[Row]:
        def text(at: int | None) -> str:
            return "" if at is None else _text(values[at])

        of_kind = text(road)[:_CODE] or "S1400"
        if not of_kind.startswith("S") or text(flag) == "N":
            return
        check_text(text(name))
        left, right = _range(text(left_from), text(left_to)), _range(text(right_from), text(right_to))
        for part in parts:
            if len(part) < 2:
                raise BadRow(_("The street has no line."))
            for place in part:
                check_place(*place)
            yield SegmentRow(text(name), of_kind, part, left, right, text(zips[0])[:_CODE], text(zips[1])[:_CODE])

    return segments


def _range(begin: str, end: str) -> Range | None:
    first, last = house_number(begin), house_number(end)
    return (first.number, last.number) if first and last else None


def _text(value: Any) -> str:
    return str(value or "").strip()


ShapefileException = shapefile.ShapefileException
ENDINGS: Final = (".shp", ".shx", ".dbf")

LONGEST_SHAPE: Final = 16 << 20
"""Most bytes of one record: a million corners. It is read whole."""


def shapefile_source(path: Path, file: Readable, columns: Mapping[str, str] | None) -> Source:
    """Return the source of a shapefile, or of the one in a zip file. Raises Unreadable."""
    reader = open_shapefile(path, file)
    names = fields_of(reader)
    check_names(names, path.name)
    kind = tiger_kind_of(names)
    taken = [name for name in names if name.upper() in TIGER_FIELDS] if kind else names
    read = tiger_reader(kind, taken) if kind else _points(Columns(names, given=columns, has_shape=True))

    def rows(on_bad: OnBadRow) -> Iterator[Row]:
        for number, record in enumerate(_records(reader, path, taken), 1):
            try:
                yield from read(record.record, _parts(record.shape))
            except BadRow as bad:
                on_bad(number, str(bad))

    return Source(shown(path.name), kind or ADDRESSES, len(reader), rows)


def open_shapefile(path: Path, file: Readable) -> Any:
    """Return pyshp's reader of a shapefile in degrees. path: of the shapefile or its zip file. Raises Unreadable."""
    with ExitStack() as stack:
        reader = _reader(path, _parts_of(path, file, stack))
        _check_projection(path)
        _check_lengths(path, reader)
        reader.exit_stack.enter_context(stack.pop_all())
    return reader


def fields_of(reader: Any) -> list[str]:
    return [field[0] for field in reader.fields if field[0] != "DeletionFlag"]


def _parts_of(path: Path, file: Readable, stack: ExitStack) -> list[IO[bytes]]:
    parts, missing = [], []
    for ending in ENDINGS:
        part = _beside(file, ending) if isinstance(file, Path) else unpacked(file, ending)
        if part is None:
            missing.append(ending)
        else:
            parts.append(stack.enter_context(part))
    if missing:
        told = {"name": shown(path.name), "parts": ", ".join(sorted(missing))}
        raise Unreadable(_("%(name)s needs its %(parts)s file beside it.") % told)
    return parts


def _beside(file: Path, ending: str) -> IO[bytes] | None:
    found = [each for each in file.parent.iterdir() if each.stem == file.stem and each.suffix.lower() == ending]
    return found[0].open("rb") if found else None


def _reader(path: Path, parts: Sequence[IO[bytes]]) -> Any:
    shp, shx, dbf = parts
    with warnings.catch_warnings():
        warnings.simplefilter("error", shapefile.PossiblyCorruptFileHeader)
        try:
            return shapefile.Reader(shp=shp, shx=shx, dbf=dbf, encoding="utf-8", encodingErrors="replace")
        except shapefile.PossiblyCorruptFileHeader as error:
            raise _too_short(path) from error


def _check_lengths(path: Path, reader: Any) -> None:
    """Raise Unreadable if a shapefile's record is too long to be read whole, or its index is invalid."""
    try:
        lengths = reader.shx_reader.shape_lengths_B
    except (ValueError, AssertionError) as error:
        raise _too_short(path) from error
    if min(lengths, default=0) < 0:
        raise _too_short(path)
    if max(lengths, default=0) > LONGEST_SHAPE:
        told = {"name": shown(path.name), "most": LONGEST_SHAPE >> 20}
        raise Unreadable(_("%(name)s has a record of more than %(most)d MB. Load a file with less detail.") % told)


def _too_short(path: Path) -> Unreadable:
    return Unreadable(_("%(name)s is cut off: it is shorter than it says.") % {"name": shown(path.name)})


def _points(columns: Columns) -> Read:
    read = columns.placed_rows()

    def rows(values: Sequence[Any], parts: Parts) -> Iterator[Row]:
        if not parts or not parts[0]:
            raise BadRow(_("The address has no place."))
        yield read(["" if value is None else str(value) for value in values], parts[0][0])

    return rows


def _records(reader: Any, path: Path, fields: Sequence[str]) -> Iterator[Any]:
    read, count = 0, len(reader)
    try:
        for record in reader.iterShapeRecords(fields=fields):
            read += 1
            yield record
    except MemoryError:
        raise
    except Exception as error:  # any error of the reader: struct, index and value errors
        raise _cut_off(path, read, count) from error
    if read < count:
        raise _cut_off(path, read, count)


def _cut_off(path: Path, read: int, count: int) -> Unreadable:
    told = {"name": shown(path.name), "read": read, "count": count}
    return Unreadable(_("%(name)s is cut off after %(read)d of %(count)d records.") % told)


def _parts(shape: Any) -> Parts:
    points = [(point[0], point[1]) for point in shape.points]
    starts = list(getattr(shape, "parts", ()))
    if len(starts) < 2:
        return [points] if points else []
    return [points[begin:end] for begin, end in zip(starts, [*starts[1:], len(points)], strict=True)]


_LONGEST_PROJECTION = 1 << 16


def _check_projection(path: Path) -> None:
    """Raise Unreadable unless the shapefile is in degrees."""
    text = _projection(path)
    if text and not text.upper().startswith("GEOGCS"):
        name = shown(text.split('"')[1] if '"' in text else text)
        raise Unreadable(
            _(
                "%(name)s is in the projection %(projection)s. Export it in degrees (WGS 84 or NAD 83) and load that "
                "file."
            )
            % {"name": shown(path.name), "projection": name}
        )


def _projection(path: Path) -> str:
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.lower().endswith(".prj"):
                    with archive.open(name) as file:
                        return file.read(_LONGEST_PROJECTION).decode("ascii", "replace").strip()
        return ""
    beside = path.with_suffix(".prj")
    return beside.read_text("ascii", "replace").strip() if beside.is_file() else ""


NEAR: Final = 0.05
"""Degrees within which counties are neighbors (some 5 km)."""


def year_of_boundaries(path: Path) -> int | None:
    named = NAMED.fullmatch(path.stem)
    return int(named[1]) if named else None


def read_outlines(path: Path, file: Readable, fips: str) -> list[Outline]:
    """Return the outlines of a county and its neighbors. path, file: as for `open_shapefile`. Raises Unreadable."""
    reader = open_shapefile(path, file)
    if not set(fields_of(reader)) >= FIELDS:
        raise Unreadable(_("%(name)s has no boundaries of counties.") % {"name": path.name})
    try:
        return list(_around(reader, path, fips))
    except (IndexError, ValueError, OSError, EOFError) as error:
        raise Unreadable(_("%(name)s is cut off: it is shorter than it says.") % {"name": path.name}) from error


def _around(reader: Any, path: Path, fips: str) -> Iterator[Outline]:
    codes = [record["GEOID"] for record in reader.iterRecords(fields=["GEOID"])]
    if fips not in codes:
        raise Unreadable(_("%(name)s has no county with the code %(code)s.") % {"name": path.name, "code": fips})
    home = _shape(reader.shape(codes.index(fips)))
    box = shapely.bounds(shapely.buffer(shapely.box(*shapely.bounds(home)), NEAR)).tolist()
    for each in reader.iterShapeRecords(bbox=box):
        shape = _shape(each.shape)
        if shapely.distance(shape, home) < NEAR:
            state, code = state_of(each.record["GEOID"])
            yield census_outline(each.record.as_dict(), shape, state=state, state_code=code)


def _shape(shape: Any) -> shapely.Geometry:
    return shapely.geometry.shape(shape.__geo_interface__)
