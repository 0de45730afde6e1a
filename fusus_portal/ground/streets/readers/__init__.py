"""Reading what counties have: TIGER/Line shapefiles, and address points as shapefile, CSV or GeoJSON."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from fusus_portal.ground.geo.boundary_file import Outline

from . import boundaries, geojson, shapefiles, tables
from .rows import BadRow, HouseRow, Readable, Row, SegmentRow, SiteRow, Source, Unreadable

__all__ = [
    "BadRow",
    "HouseRow",
    "Row",
    "SegmentRow",
    "SiteRow",
    "Source",
    "Unreadable",
    "check_kind",
    "open_source",
    "read_boundaries",
]

MOST_UNPACKED: Final = 4 << 30
"""Bytes of all that a zip file may hold: a shapefile is read whole."""

_GEOJSON: Final = {".geojson", ".json", ".geojsonl", ".ndjson"}


def check_kind(path: Path) -> None:
    """Raise Unreadable for a file of another kind. What is in it is not unpacked, so that a page may ask."""
    with _readable(path):
        _kind_of(path)


def open_source(path: Path, *, columns: Mapping[str, str] | None = None) -> Source:
    """Open a file. columns: {part of an address: column} for address points. Raises Unreadable."""
    with _readable(path):
        return _opened(path, columns)


def read_boundaries(path: Path, fips: str) -> Sequence[Outline]:
    """Return the outlines of a county and of those around it. Raises Unreadable."""
    with _readable(path):
        return boundaries.read(path, fips)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    if not path.is_file():
        raise Unreadable(_("There is no file %(name)s.") % {"name": path.name})
    try:
        yield
    except (OSError, shapefiles.ShapefileException, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise Unreadable(
            _("%(name)s is damaged, or a part of it is missing: %(error)s.") % {"name": path.name, "error": error}
        ) from error


def _opened(path: Path, columns: Mapping[str, str] | None) -> Source:
    held, kind = _kind_of(path)
    if kind == ".shp":
        return shapefiles.source(path, columns)
    return tables.source(held, columns) if kind == ".csv" else geojson.source(held, columns)


def _kind_of(path: Path) -> tuple[Readable, str]:
    """Return what is read of a file, and its ending."""
    if boundaries.year_of(path):
        raise Unreadable(
            f"{path.name} has the boundaries of counties. Load it at the server: manage.py places load {path.name}."
        )
    held = _held(path) if path.suffix.lower() == ".zip" else path
    kind = Path(held.name).suffix.lower()
    if kind not in {".shp", ".csv", *_GEOJSON}:
        raise Unreadable(
            _("%(name)s is no shapefile, CSV or GeoJSON file, and no zip file with one of them.") % {"name": path.name}
        )
    return held, kind


def _held(path: Path) -> Readable:
    """Return what a zip file holds: a shapefile rather than a table beside it."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if sum(each.file_size for each in archive.infolist()) > MOST_UNPACKED:
            raise Unreadable(_("%(name)s holds more than 4 GB. Load its files one by one.") % {"name": path.name})
    for kinds in ({".shp"}, {".csv"}, _GEOJSON):
        found = [name for name in names if Path(name).suffix.lower() in kinds]
        if found:
            return zipfile.Path(path, found[0])
    return path
