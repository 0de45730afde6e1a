from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import shapely
import shapely.geometry
from django.utils.translation import gettext as _

from fusus_portal.ground.geo.boundary_file import Outline
from fusus_portal.ground.geo.census_counties import FIELDS, NAMED, outline
from fusus_portal.ground.geo.counties import state_of

from . import shapefiles
from .rows import Readable, Unreadable

NEAR: Final = 0.05
"""Degrees: closer counties are neighbors (some 5 km)."""


def year_of(path: Path) -> int | None:
    named = NAMED.fullmatch(path.stem)
    return int(named[1]) if named else None


def read(path: Path, file: Readable, fips: str) -> list[Outline]:
    """Return the outlines of a county and its neighbors. file: for `shapefiles.opened`. Raises Unreadable."""
    reader = shapefiles.opened(path, file)
    if not set(shapefiles.fields_of(reader)) >= FIELDS:
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
            yield outline(each.record.as_dict(), shape, state=state, state_code=code)


def _shape(shape: Any) -> shapely.Geometry:
    return shapely.geometry.shape(shape.__geo_interface__)
