"""Counties of the United States and the points inside them, offline; outlines are unpacked on demand and cached."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import shapely
from django.core.files.storage import storages

from fusus_portal.ground.geo.boundary_file import BoundaryFile, Outline, Row, read, write
from fusus_portal.ground.geo.points import Point

BOUNDARY_YEAR: Final = 2023
"""Year of the boundaries that ship with the portal, and so of its counties."""

BOUNDARY_PATH: Final = Path(__file__).parent / "data" / f"counties_{BOUNDARY_YEAR}.bin"

ALIAS: Final = "counties"
LOADED: Final = "counties.bin"

Edition = tuple[str, int, int] | None
"""Identity of loaded boundaries: path, inode, time. None for those of the portal."""

OUTLINES_KEPT = 64
"""A portal works in one county and its neighbors; 64 outlines take some 300 kB."""


@dataclass(frozen=True, slots=True)
class County:
    """A county or its equal (parish, borough, independent city). fips: 5 digits. state_code: 2 letters."""

    fips: str
    name: str
    state: str
    state_code: str

    def __str__(self) -> str:
        return f"{self.name}, {self.state}"

    @property
    def polygon(self) -> shapely.MultiPolygon:
        """Outline in WGS 84 degrees, longitude first; unpacked on access."""
        return _atlas(edition()).outline(self.fips)

    def contains(self, point: Point) -> bool:
        return _atlas(edition()).holds(self.fips, point)


class UnknownCounty(LookupError):
    """No county has this FIPS code."""

    def __init__(self, fips: str) -> None:
        super().__init__(f"No county has the FIPS code {fips!r} in the {BOUNDARY_YEAR} boundaries.")


class _Atlas:
    def __init__(self, *files: BoundaryFile) -> None:
        self.found = {row.fips: (row, file) for file in files for row in file.rows}
        self.rows = [row for row, _file in self.found.values()]
        self.tree = shapely.STRtree([shapely.box(*row.box) for row in self.rows])
        self.outline = lru_cache(maxsize=OUTLINES_KEPT)(self._outline)

    def near(self, point: Point) -> list[Row]:
        found = self.tree.query(shapely.Point(point.longitude, point.latitude))
        return [self.rows[index] for index in sorted(found.tolist())]

    def holds(self, fips: str, point: Point) -> bool:
        # A prepared polygon is fast when asked again.
        return bool(shapely.intersects_xy(self.outline(fips), point.longitude, point.latitude))

    def _outline(self, fips: str) -> shapely.MultiPolygon:
        row, file = self.found[fips]
        polygon = file.polygon(row)
        shapely.prepare(polygon)
        return polygon


_opening = threading.Lock()


@lru_cache(maxsize=2)
def _opened(of: Edition) -> _Atlas:
    own = read(BOUNDARY_PATH)
    if own.year != BOUNDARY_YEAR:
        raise ValueError(f"The boundaries are of {own.year}, not {BOUNDARY_YEAR}.")
    return _Atlas(own, read(Path(of[0]))) if of else _Atlas(own)


def _atlas(of: Edition) -> _Atlas:
    # lru_cache alone would let two threads both open the file at first use.
    with _opening:
        return _opened(of)


def edition() -> Edition:
    """Return the identity of the loaded boundaries; caches of outlines are keyed by it."""
    path = storages[ALIAS].path(LOADED)
    try:
        file = Path(path).stat()
    except FileNotFoundError:
        return None
    return path, file.st_ino, file.st_mtime_ns


def put(outlines: Iterable[Outline], *, year: int, source: str) -> int:
    """Replace the loaded boundaries; return the size in bytes."""
    path = Path(storages[ALIAS].path(LOADED))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    size = write(fresh, year=year, source=source, outlines=outlines)
    fresh.replace(path)
    return size


def year_of(fips: str) -> int:
    return _atlas(edition()).found[fips][1].year


def state_of(fips: str) -> tuple[str, str]:
    """Return name and letters of a county's state, by the code's first two digits. Raises UnknownCounty."""
    for row in _atlas(None).rows:
        if row.fips[:2] == fips[:2]:
            return row.state, row.state_code
    raise UnknownCounty(fips)


def check_code(fips: str) -> None:
    """Raise UnknownCounty for a code that is not in the portal's own boundaries. Needs no settings."""
    if fips not in _atlas(None).found:
        raise UnknownCounty(fips)


def _county(row: Row) -> County:
    return County(row.fips, row.name, row.state, row.state_code)


def county_at(point: Point) -> County | None:
    """Return the county of a point, or None in open water and outside the country.

    On a shared boundary the lowest FIPS code wins. Boundaries are generalized (1:500,000): within some 200 m ask the
    person. Counties newer than 2016 are rougher between each other (1:5,000,000), some 300 m.
    """
    atlas = _atlas(edition())
    return next((_county(row) for row in atlas.near(point) if atlas.holds(row.fips, point)), None)


def county(fips: str) -> County:
    row, _file = _atlas(edition()).found.get(fips, (None, None))
    if row is None:
        raise UnknownCounty(fips)
    return _county(row)


def counties_named(text: str) -> list[County]:
    """Return counties whose name and state contain each word of a text: "shelby", "shelby al"; by FIPS code."""
    words = text.casefold().replace(",", " ").split()
    if not words:
        return []
    named = ((row, f"{row.name} {row.state} ".casefold(), row.state_code.casefold()) for row in _atlas(edition()).rows)
    return [
        _county(row)
        for row, name, code in sorted(named, key=lambda each: each[0].fips)
        if all(word == code or word in name for word in words)
    ]
