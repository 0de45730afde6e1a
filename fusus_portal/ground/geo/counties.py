"""Counties of the United States: which one a point is in, offline.

Only names and bounding boxes are unpacked at first use; an outline is unpacked when a point
falls into its box, and the ones used last are kept.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import shapely

from .boundary_file import BoundaryFile, Row, read
from .points import Point

BOUNDARY_YEAR = 2016
"""Year of the Census Bureau's boundaries in use; shown to staff beside what is computed from them."""

BOUNDARY_PATH = Path(__file__).parent / "data" / f"counties_{BOUNDARY_YEAR}.bin"

OUTLINES_KEPT = 64
"""A portal works in one county and its neighbors; 64 outlines are some 300 kB."""


@dataclass(frozen=True, slots=True)
class County:
    """A county or its equal (parish, borough, independent city).

    fips is the 5-digit code, state_code the two letters of the Postal Service.
    """

    fips: str
    name: str
    state: str
    state_code: str

    def __str__(self) -> str:
        return f"{self.name}, {self.state}"

    @property
    def polygon(self) -> shapely.MultiPolygon:
        """Outline in WGS 84 degrees, longitude first; unpacked when asked for."""
        return _outline(self.fips)

    def contains(self, point: Point) -> bool:
        """Whether the point is in the county or on its boundary."""
        # A prepared polygon answers at once when asked again.
        return bool(shapely.intersects_xy(self.polygon, point.longitude, point.latitude))


class UnknownCounty(LookupError):
    """No county has this FIPS code."""

    def __init__(self, fips: str) -> None:
        super().__init__(f"No county has the FIPS code {fips!r} in the {BOUNDARY_YEAR} boundaries.")


class _Atlas:
    """The opened file and the tree over its bounding boxes."""

    def __init__(self, file: BoundaryFile) -> None:
        if file.year != BOUNDARY_YEAR:
            raise ValueError(f"The boundaries are of {file.year}, not {BOUNDARY_YEAR}.")
        self.file = file
        self.rows = {row.fips: row for row in file.rows}
        self.tree = shapely.STRtree([shapely.box(*row.box) for row in file.rows])

    def near(self, point: Point) -> list[Row]:
        """Rows whose box holds the point, in order of FIPS codes."""
        found = self.tree.query(shapely.Point(point.longitude, point.latitude))
        return [self.file.rows[index] for index in sorted(found.tolist())]


_opening = threading.Lock()


@lru_cache(maxsize=1)
def _opened() -> _Atlas:
    return _Atlas(read(BOUNDARY_PATH))


def _atlas() -> _Atlas:
    # lru_cache alone would let two threads both open the file at first use.
    with _opening:
        return _opened()


@lru_cache(maxsize=OUTLINES_KEPT)
def _outline(fips: str) -> shapely.MultiPolygon:
    atlas = _atlas()
    polygon = atlas.file.polygon(atlas.rows[fips])
    shapely.prepare(polygon)
    return polygon


def _county(row: Row) -> County:
    return County(row.fips, row.name, row.state, row.state_code)


def county_at(point: Point) -> County | None:
    """The county that a point is in, or None in open water and outside the country.

    On a shared boundary the county with the lowest FIPS code answers, so that it is always the
    same one. The boundaries are generalized (1:500,000): within some 200 m ask the person.
    """
    for row in _atlas().near(point):
        county = _county(row)
        if county.contains(point):
            return county
    return None


def county(fips: str) -> County:
    """The county with a 5-digit FIPS code. Raises UnknownCounty."""
    row = _atlas().rows.get(fips)
    if row is None:
        raise UnknownCounty(fips)
    return _county(row)


def counties_named(text: str) -> list[County]:
    """The counties whose name, with their state's name or code, holds each word of a text; by FIPS code.

    "shelby" finds all of that name, "shelby al" or "Shelby County, Alabama" one.
    """
    words = text.casefold().replace(",", " ").split()
    if not words:
        return []
    named = ((row, f"{row.name} {row.state} ".casefold(), row.state_code.casefold()) for row in _atlas().file.rows)
    return [
        _county(row)
        for row, name, code in sorted(named, key=lambda each: each[0].fips)
        if all(word == code or word in name for word in words)
    ]
