"""Reading what counties have: TIGER/Line shapefiles, and address points as shapefile, CSV or GeoJSON."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from . import geojson, shapefiles, tables
from .rows import BadRow, HouseRow, Row, SegmentRow, SiteRow, Source, Unreadable

__all__ = ["BadRow", "HouseRow", "Row", "SegmentRow", "SiteRow", "Source", "Unreadable", "open_source"]


def open_source(path: Path, *, columns: Mapping[str, str] | None = None) -> Source:
    """Open a file. columns: {part of an address: column} for address points. Raises Unreadable."""
    if not path.is_file():
        raise Unreadable(f"There is no file {path.name}.")
    kind = path.suffix.lower()
    try:
        if kind in {".shp", ".zip"}:
            return shapefiles.source(path, columns)
        if kind == ".csv":
            return tables.source(path, columns)
        if kind in {".geojson", ".json", ".geojsonl", ".ndjson"}:
            return geojson.source(path, columns)
    except (OSError, shapefiles.ShapefileException, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{path.name} is damaged, or a part of it is missing: {error}.") from error
    raise Unreadable(f"{path.name} is no shapefile, zipped shapefile, CSV or GeoJSON file.")
