"""Shapefiles, zipped or not: streets, areas and water of the Census Bureau, and address points."""

import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import shapefile
from django.utils.translation import gettext as _

from . import tiger
from .points import Columns
from .rows import ADDRESSES, BadRow, Coordinate, OnBadRow, Row, Source, Unreadable

ShapefileException = shapefile.ShapefileException
Parts = Sequence[Sequence[Coordinate]]
Read = Callable[[Sequence[Any], Parts], Iterator[Row]]


def source(path: Path, columns: Mapping[str, str] | None) -> Source:
    """Open a shapefile, or a zip file with one in it. Raises Unreadable."""
    reader = opened(path)
    names = fields_of(reader)
    kind = tiger.kind_of(names)
    taken = [name for name in names if name.upper() in tiger.FIELDS] if kind else names
    read = tiger.reader(kind, taken) if kind else _points(Columns(names, given=columns, has_shape=True))

    def rows(on_bad: OnBadRow) -> Iterator[Row]:
        for number, record in enumerate(_records(reader, path, taken), 1):
            try:
                yield from read(record.record, _parts(record.shape))
            except BadRow as bad:
                on_bad(number, str(bad))

    return Source(path.name, kind or ADDRESSES, len(reader), rows)


def opened(path: Path) -> Any:
    """Return the reader of a shapefile in degrees, or of a zip file with one in it. Raises Unreadable."""
    if path.suffix.lower() == ".shp":
        beside = {each.suffix.lower() for each in path.parent.glob(f"{path.stem}.*")}
        missing = sorted({".dbf", ".shx"} - beside)
        if missing:
            raise Unreadable(
                _("%(name)s needs its %(parts)s file beside it.") % {"name": path.name, "parts": ", ".join(missing)}
            )
    reader = _whole(path)
    _check_projection(path)
    return reader


def fields_of(reader: Any) -> list[str]:
    """Return the names of the fields of a shapefile."""
    return [field[0] for field in reader.fields if field[0] != "DeletionFlag"]


def _whole(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error", shapefile.PossiblyCorruptFileHeader)
        try:
            return shapefile.Reader(str(path), encoding="utf-8", encodingErrors="replace")
        except shapefile.PossiblyCorruptFileHeader as error:
            raise Unreadable(_("%(name)s is cut off: it is shorter than it says.") % {"name": path.name}) from error


def _points(columns: Columns) -> Read:
    read = columns.placed_rows()

    def rows(values: Sequence[Any], parts: Parts) -> Iterator[Row]:
        if not parts or not parts[0]:
            raise BadRow(_("The address has no place."))
        yield read(["" if value is None else str(value) for value in values], parts[0][0])

    return rows


def _records(reader: Any, path: Path, fields: Sequence[str]) -> Iterator[Any]:
    """Give the records of a shapefile with some of their fields. Raises Unreadable where the file is cut off."""
    read, count = 0, len(reader)
    try:
        for record in reader.iterShapeRecords(fields=fields):
            read += 1
            yield record
    except Exception as error:  # whatever the file makes of the reader: struct, index and value errors
        raise _cut_off(path, read, count) from error
    if read < count:
        raise _cut_off(path, read, count)


def _cut_off(path: Path, read: int, count: int) -> Unreadable:
    told = {"name": path.name, "read": read, "count": count}
    return Unreadable(_("%(name)s is cut off after %(read)d of %(count)d records.") % told)


def _parts(shape: Any) -> Parts:
    points = [(point[0], point[1]) for point in shape.points]
    starts = list(getattr(shape, "parts", ()))
    if len(starts) < 2:
        return [points] if points else []
    return [points[begin:end] for begin, end in zip(starts, [*starts[1:], len(points)], strict=True)]


_LONGEST_PROJECTION = 1 << 16


def _check_projection(path: Path) -> None:
    """Raise Unreadable for a shapefile that is not in degrees."""
    text = _projection(path)
    if text and not text.upper().startswith("GEOGCS"):
        name = text.split('"')[1] if '"' in text else text[:60]
        raise Unreadable(
            _(
                "%(name)s is in the projection %(projection)s. Export it in degrees (WGS 84 or NAD 83) and load that "
                "file."
            )
            % {"name": path.name, "projection": name}
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
