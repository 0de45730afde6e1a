"""A file, opened: what kind it is, and its rows."""

import csv
import json
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

import shapefile

from . import tiger
from .points import Columns
from .rows import BadRow, HouseRow, SegmentRow, SiteRow, Unreadable

Read = HouseRow | SegmentRow | SiteRow
OnBadRow = Callable[[int, str], None]
"""Told of each row that is left out: its number, counted from 1, and why."""

ADDRESSES: Final = "addresses"
_DEGREES: Final = ("GCS_WGS_1984", "GCS_NORTH_AMERICAN_1983", "WGS_84", "WGS 84", "NAD83", "CRS84")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be loaded. rows: gives each good row, and tells of each bad one."""

    path: Path
    kind: str
    count: int | None
    rows: Callable[[OnBadRow], Iterator[Read]]


def open_source(path: Path, *, columns: Mapping[str, str] | None = None) -> Source:
    """Open a file. columns: {part of an address: column} for address points. Raises Unreadable."""
    if not path.is_file():
        raise Unreadable(f"There is no file {path.name}.")
    kind = path.suffix.lower()
    try:
        if kind in {".shp", ".zip"}:
            return _shapefile(path, columns)
        if kind == ".csv":
            return _csv(path, columns)
        if kind in {".geojson", ".json", ".geojsonl", ".ndjson"}:
            return _geojson(path, columns)
    except (OSError, shapefile.ShapefileException, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{path.name} is damaged, or a part of it is missing: {error}.") from error
    raise Unreadable(f"{path.name} is no shapefile, zipped shapefile, CSV or GeoJSON file.")


def _shapefile(path: Path, columns: Mapping[str, str] | None) -> Source:
    if path.suffix.lower() == ".shp":
        beside = {each.suffix.lower() for each in path.parent.glob(f"{path.stem}.*")}
        missing = sorted({".dbf", ".shx"} - beside)
        if missing:
            raise Unreadable(f"{path.name} needs its {' and '.join(missing)} file beside it.")
    with warnings.catch_warnings():
        warnings.simplefilter("error", shapefile.PossiblyCorruptFileHeader)
        try:
            reader = shapefile.Reader(str(path), encoding="utf-8", encodingErrors="replace")
        except shapefile.PossiblyCorruptFileHeader as error:
            raise Unreadable(f"{path.name} is cut off: it is shorter than it says.") from error
    _check_projection(path)
    names = [field[0] for field in reader.fields if field[0] != "DeletionFlag"]
    kind = tiger.kind_of(names)
    read = None if kind else Columns(names, given=columns, has_shape=True).reader()

    def rows(on_bad: OnBadRow) -> Iterator[Read]:
        for number, record in enumerate(_records(reader, path), 1):
            try:
                if read is not None:
                    if not record.shape.points:
                        raise BadRow("The address has no place.")
                    values = ["" if value is None else str(value) for value in record.record]
                    yield read(values, record.shape.points[0])
                    continue
                assert kind is not None
                parts = _parts(record.shape)
                told = record.record.as_dict()
                if kind in tiger.STREETS:
                    yield from tiger.segments(kind, told, parts)
                else:
                    yield tiger.site(kind, told, parts)
            except BadRow as bad:
                on_bad(number, str(bad))

    return Source(path, kind or ADDRESSES, len(reader), rows)


def _records(reader: Any, path: Path) -> Iterator[Any]:
    """Give the records of a shapefile. Raises Unreadable where the file is cut off."""
    read, count = 0, len(reader)
    try:
        for record in reader.iterShapeRecords():
            read += 1
            yield record
    except Exception as error:
        if isinstance(error, GeneratorExit):
            raise
        raise Unreadable(f"{path.name} is cut off after {read} of {count} records.") from error
    if read < count:
        raise Unreadable(f"{path.name} is cut off after {read} of {count} records.")


def _parts(shape: Any) -> list[list[tuple[float, float]]]:
    ends = [*list(shape.parts)[1:], len(shape.points)]
    return [[(p[0], p[1]) for p in shape.points[begin:end]] for begin, end in zip(shape.parts, ends, strict=True)]


def _check_projection(path: Path) -> None:
    """Raise Unreadable for a shapefile that is not in degrees."""
    text = _projection(path)
    if text and not text.upper().startswith("GEOGCS"):
        name = text.split('"')[1] if '"' in text else text[:60]
        raise Unreadable(
            f"{path.name} is in the projection {name}. Export it in degrees (WGS 84 or NAD 83) and load that file."
        )


def _projection(path: Path) -> str:
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.lower().endswith(".prj"):
                    return archive.read(name).decode("ascii", "replace").strip()
        return ""
    beside = path.with_suffix(".prj")
    return beside.read_text("ascii", "replace").strip() if beside.is_file() else ""


def _csv(path: Path, columns: Mapping[str, str] | None) -> Source:
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = next(csv.reader(file), None)
    if not names:
        raise Unreadable(f"{path.name} is empty.")
    read = Columns(names, given=columns).reader()
    width = len(names)

    def rows(on_bad: OnBadRow) -> Iterator[Read]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            next(lines)
            for number, values in enumerate(lines, 2):
                try:
                    if len(values) != width:
                        raise BadRow(f"The row has {len(values)} columns, and the first one has {width}.")
                    yield read(values, None)
                except BadRow as bad:
                    on_bad(number, str(bad))

    return Source(path, ADDRESSES, None, rows)


def _geojson(path: Path, columns: Mapping[str, str] | None) -> Source:
    first = next(_features(path), None)
    if first is None:
        raise Unreadable(f"{path.name} holds no feature.")
    names = list(first["properties"])
    read = Columns(names, given=columns, has_shape=True).reader()

    def rows(on_bad: OnBadRow) -> Iterator[Read]:
        for number, feature in enumerate(_features(path), 1):
            try:
                told, shape = feature["properties"], feature["geometry"]
                values = ["" if told.get(name) is None else str(told[name]) for name in names]
                yield read(values, _place(shape))
            except BadRow as bad:
                on_bad(number, str(bad))

    return Source(path, ADDRESSES, None, rows)


def _place(shape: Any) -> tuple[float, float]:
    try:
        x, y = shape["coordinates"][:2]
        return float(x), float(y)
    except (TypeError, KeyError, ValueError) as error:
        raise BadRow("The address is no point.") from error


def _features(path: Path) -> Iterator[dict[str, Any]]:
    """Give the features of a GeoJSON file: a collection, or one feature a line."""
    with path.open(encoding="utf-8-sig") as file:
        for feature in _read_features(file, path):
            if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
                raise Unreadable(f"{path.name} is no GeoJSON with features.")
            yield feature


def _read_features(file: TextIO, path: Path) -> Iterator[Any]:
    try:
        begin = json.loads(file.readline())
        if begin.get("type") == "FeatureCollection":
            yield from begin["features"]
            return
        yield begin
        for line in file:
            if line.strip():
                yield json.loads(line)
    except ValueError:
        file.seek(0)
        try:
            yield from json.load(file)["features"]
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"{path.name} is cut off, or no GeoJSON.") from error
