import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Final

import shapefile
from django.utils.translation import gettext as _

from . import tiger
from .archives import unpacked
from .points import Columns
from .rows import (
    ADDRESSES,
    BadRow,
    Coordinate,
    OnBadRow,
    Readable,
    Row,
    Source,
    Unreadable,
    check_names,
    shown,
)

ShapefileException = shapefile.ShapefileException
ENDINGS: Final = (".shp", ".shx", ".dbf")

LONGEST_SHAPE: Final = 16 << 20
"""Bytes of one record: a million corners. It is read whole."""

Parts = Sequence[Sequence[Coordinate]]
Read = Callable[[Sequence[Any], Parts], Iterator[Row]]


def source(path: Path, file: Readable, columns: Mapping[str, str] | None) -> Source:
    """Open a shapefile, or the one in a zip file. Raises Unreadable."""
    reader = opened(path, file)
    names = fields_of(reader)
    check_names(names, path.name)
    kind = tiger.kind_of(names)
    taken = [name for name in names if name.upper() in tiger.FIELDS] if kind else names
    read = tiger.reader(kind, taken) if kind else _points(Columns(names, given=columns, has_shape=True))

    def rows(on_bad: OnBadRow) -> Iterator[Row]:
        for number, record in enumerate(_records(reader, path, taken), 1):
            try:
                yield from read(record.record, _parts(record.shape))
            except BadRow as bad:
                on_bad(number, str(bad))

    return Source(shown(path.name), kind or ADDRESSES, len(reader), rows)


def opened(path: Path, file: Readable) -> Any:
    """Return the reader of a shapefile in degrees. path: of the shapefile or its zip file. Raises Unreadable."""
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
    """Raise Unreadable for a record too long to be read whole, and for an invalid index."""
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
