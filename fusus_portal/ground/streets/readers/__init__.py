"""Reading what counties have: TIGER/Line shapefiles, and address points as shapefile, CSV or GeoJSON."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from . import geojson, shapefiles, tables
from .rows import BadRow, HouseRow, Readable, Row, SegmentRow, SiteRow, Source, Unreadable

__all__ = ["BadRow", "HouseRow", "Row", "SegmentRow", "SiteRow", "Source", "Unreadable", "open_source"]

_GEOJSON: Final = {".geojson", ".json", ".geojsonl", ".ndjson"}


def open_source(path: Path, *, columns: Mapping[str, str] | None = None) -> Source:
    """Open a file. columns: {part of an address: column} for address points. Raises Unreadable."""
    if not path.is_file():
        raise Unreadable(f"There is no file {path.name}.")
    try:
        return _opened(path, columns)
    except (OSError, shapefiles.ShapefileException, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{path.name} is damaged, or a part of it is missing: {error}.") from error


def _opened(path: Path, columns: Mapping[str, str] | None) -> Source:
    held = _held(path) if path.suffix.lower() == ".zip" else path
    kind = Path(held.name).suffix.lower()
    if kind == ".shp":
        return shapefiles.source(path, columns)
    if kind == ".csv":
        return tables.source(held, columns)
    if kind in _GEOJSON:
        return geojson.source(held, columns)
    raise Unreadable(f"{path.name} is no shapefile, CSV or GeoJSON file, and no zip file with one of them.")


def _held(path: Path) -> Readable:
    """Return what a zip file holds: a shapefile rather than a table beside it."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    for kinds in ({".shp"}, {".csv"}, _GEOJSON):
        found = [name for name in names if Path(name).suffix.lower() in kinds]
        if found:
            return zipfile.Path(path, found[0])
    return path
