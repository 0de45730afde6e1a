import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from fusus_portal.ground.geo.counties import Outline
from fusus_portal.ground.streets.readers import points, shapefiles

from .rows import OnBadRow, Readable, Row, Source, Unreadable, shown

__all__ = ["Unreadable", "check_kind", "open_source", "read_boundaries"]

_GEOJSON: Final = {".geojson", ".json", ".geojsonl", ".ndjson"}

DAMAGE: Final = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    AssertionError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    shapefiles.ShapefileException,
)
"""Errors that zipfile and pyshp raise for a damaged file, at any point of it."""


def check_kind(path: Path) -> None:
    """Raise Unreadable for a file of a kind not read here. Unpacks nothing, so that a page may call this."""
    with _readable(path):
        _kind_of(path)


def open_source(path: Path, *, columns: Mapping[str, str] | None = None) -> Source:
    """Return the source of a file's rows. columns: {part of an address: column} for points. Raises Unreadable."""
    with _readable(path):
        file, kind = _kind_of(path)
        if kind == ".shp":
            source = shapefiles.shapefile_source(path, file, columns)
        else:
            source = points.csv_source(file, columns) if kind == ".csv" else points.geojson_source(file, columns)
    return replace(source, rows=partial(_rows, path, source))


def read_boundaries(path: Path, fips: str) -> Sequence[Outline]:
    """Return the outlines of a county and its neighbors. Raises Unreadable."""
    with _readable(path):
        return shapefiles.read_outlines(
            path, shapefiles.file_in_archive(path, [{".shp"}]) if path.suffix.lower() == ".zip" else path, fips
        )


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    if not path.is_file():
        raise Unreadable(_("There is no file %(name)s.") % {"name": shown(path.name)})
    try:
        yield
    except (NotImplementedError, RuntimeError) as error:  # a zip file with a password, or an unknown compression
        told = {"name": shown(path.name), "error": error}
        raise Unreadable(_("%(name)s can't be unpacked here: %(error)s. Load what is in it.") % told) from error
    except DAMAGE as error:
        told = {"name": shown(path.name), "error": shown(str(error), 200)}
        raise Unreadable(_("%(name)s is damaged, or a part of it is missing: %(error)s.") % told) from error


def _rows(path: Path, source: Source, on_bad: OnBadRow) -> Iterator[Row]:
    with _readable(path):
        yield from source.rows(on_bad)


def _kind_of(path: Path) -> tuple[Readable, str]:
    if shapefiles.year_of_boundaries(path):
        raise Unreadable(
            f"{path.name} has the boundaries of counties. Load it at the server: manage.py places load {path.name}."
        )
    file = shapefiles.file_in_archive(path, [{".shp"}, {".csv"}, _GEOJSON]) if path.suffix.lower() == ".zip" else path
    kind = Path(file.name).suffix.lower()
    if kind not in {".shp", ".csv", *_GEOJSON}:
        told = {"name": shown(path.name)}
        raise Unreadable(_("%(name)s is no shapefile, CSV or GeoJSON file, and no zip file with one of them.") % told)
    return file, kind
