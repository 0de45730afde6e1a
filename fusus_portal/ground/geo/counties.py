"""Compact file of county boundaries: written once by a developer, read at run time.

Layout: 4 bytes magic, a big-endian uint32 length, that many bytes of deflated JSON (year, source and one row for each
county, with its bounding box and the place of its outline), then the outlines.

An outline is the deflated bytes of its points as zigzag differences of multiples of 1/100,000 degree (1.1 m), all
longitudes before all latitudes, each 32-bit number split into byte planes, which deflate packs better.
"""

import json
import re
import struct
import threading
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
import shapely.geometry
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from numpy.typing import NDArray

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point

MAGIC = b"CNTY"
STEPS_PER_DEGREE = 100_000
PREFIX = struct.Struct(">4sI")


@dataclass(frozen=True, slots=True)
class Outline:
    """A county's outline, to be written to the file. parts: polygons of rings of (longitude, latitude)."""

    fips: str
    name: str
    state: str
    state_code: str
    parts: list[list[list[tuple[float, float]]]]


@dataclass(frozen=True, slots=True)
class Row:
    """A county in the file's index.

    box: west, south, east, north in degrees. rings: for each polygon the number of points of its rings, the outer one
    first. start, size: place of its outline among the outlines, in bytes.
    """

    fips: str
    name: str
    state: str
    state_code: str
    box: tuple[float, float, float, float]
    rings: list[list[int]]
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    year: int
    source: str
    rows: list[Row]
    outlines: bytes

    def polygon(self, row: Row) -> shapely.MultiPolygon:
        """Return the county's outline in degrees, longitude first."""
        packed = self.outlines[row.start : row.start + row.size]
        points = _unpack(packed) / STEPS_PER_DEGREE
        sizes = [size for part in row.rings for size in part]
        rings = iter(np.split(points, np.cumsum(sizes)[:-1]))
        parts = []
        for part in row.rings:
            outer, *holes = [next(rings) for _ in part]
            parts.append(shapely.Polygon(outer, holes))
        return shapely.MultiPolygon(parts)


def read(path: Path) -> BoundaryFile:
    data = path.read_bytes()
    magic, size = PREFIX.unpack_from(data)
    if magic != MAGIC:
        raise ValueError(f"{path.name} is not a county boundary file.")
    head: dict[str, Any] = json.loads(zlib.decompress(data[PREFIX.size : PREFIX.size + size]))
    rows = [Row(**{**row, "box": tuple(row["box"])}) for row in head["counties"]]
    return BoundaryFile(head["year"], head["source"], rows, data[PREFIX.size + size :])


def write(path: Path, *, year: int, source: str, outlines: Iterable[Outline]) -> int:
    """Write the outlines in order of FIPS codes; return the file's size in bytes."""
    rows, packed, start = [], [], 0
    for outline in sorted(outlines, key=lambda each: each.fips):
        steps = _steps(outline)
        blob = _pack(steps)
        rows.append(_row(outline, steps, start, len(blob)))
        packed.append(blob)
        start += len(blob)
    head = {"year": year, "source": source, "counties": [asdict(row) for row in rows]}
    index = zlib.compress(json.dumps(head, separators=(",", ":")).encode(), 9)
    return path.write_bytes(PREFIX.pack(MAGIC, len(index)) + index + b"".join(packed))


def _row(outline: Outline, steps: NDArray[np.int32], start: int, size: int) -> Row:
    west, south = (steps.min(axis=0) / STEPS_PER_DEGREE).tolist()
    east, north = (steps.max(axis=0) / STEPS_PER_DEGREE).tolist()
    return Row(
        fips=outline.fips,
        name=outline.name,
        state=outline.state,
        state_code=outline.state_code,
        box=(west, south, east, north),
        rings=[[len(ring) for ring in part] for part in outline.parts],
        start=start,
        size=size,
    )


def _steps(outline: Outline) -> NDArray[np.int32]:
    points = [point for part in outline.parts for ring in part for point in ring]
    return np.round(np.array(points) * STEPS_PER_DEGREE).astype(np.int32)


def _pack(steps: NDArray[np.int32]) -> bytes:
    change = np.diff(steps, axis=0, prepend=np.zeros((1, 2), np.int32))
    zigzag = ((change << 1) ^ (change >> 31)).astype("<u4")
    planes = np.ascontiguousarray(zigzag.T).view(np.uint8).reshape(-1, 4).T
    return zlib.compress(planes.tobytes(), 9)


def _unpack(packed: bytes) -> NDArray[np.int32]:
    planes = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(4, -1)
    zigzag = np.ascontiguousarray(planes.T).view("<u4").reshape(2, -1).T
    change = (zigzag >> 1).astype(np.int32) ^ -(zigzag & 1).astype(np.int32)
    return np.cumsum(change, axis=0, dtype=np.int32)


NAMED: Final = re.compile(r"(?:cb|tl)_(\d{4})_us_county(?:_500k|_5m|_20m)?", re.IGNORECASE)

FIELDS: Final = frozenset({"GEOID", "STATEFP", "COUNTYFP", "NAME", "LSAD"})
LEGAL_KINDS: Final = {
    "00": "",
    "03": "City and Borough",
    "04": "Borough",
    "05": "Census Area",
    "06": "County",
    "07": "District",
    "10": "Island",
    "12": "Municipality",
    "13": "Municipio",
    "15": "Parish",
    "25": "city",
    "PL": "Planning Region",
}
"""Kind of a county by the Census Bureau's code of legal and statistical area descriptions (LSAD)."""


def census_outline(told: Mapping[str, Any], shape: shapely.Geometry, *, state: str, state_code: str) -> Outline:
    kind = LEGAL_KINDS.get(told["LSAD"], "")
    return Outline(
        fips=told["GEOID"],
        name=told.get("NAMELSAD") or f"{told['NAME']} {kind}".strip(),
        state=state,
        state_code=state_code,
        parts=rounded_polygons(shape),
    )


def rounded_polygons(shape: shapely.Geometry) -> list[list[list[tuple[float, float]]]]:
    """Return an area's polygons, rounded to the precision of the compact file and still valid."""
    return [
        [[(x, y) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(_rounded(shape))
    ]


def _rounded(exact: shapely.Geometry) -> shapely.Geometry:
    plain = shapely.transform(exact, lambda places: np.round(places * STEPS_PER_DEGREE) / STEPS_PER_DEGREE)
    # Rounding folds two outlines of 3,233; moving their points together keeps all the others as is.
    return plain if shapely.is_valid(plain) else shapely.set_precision(exact, 1 / STEPS_PER_DEGREE)


BOUNDARY_YEAR: Final = 2023
"""Year of the boundaries that ship with the portal, and so of its counties."""

BOUNDARY_PATH: Final = Path(__file__).parent / "data" / f"counties_{BOUNDARY_YEAR}.bin"

ALIAS: Final = "counties"
LOADED: Final = "counties.bin"

Edition = tuple[str, int, int] | None
"""Identity of the boundaries loaded by the agency: path, inode, time. None for the portal's own."""

OUTLINES_KEPT = 64
"""Outlines kept unpacked: a portal works in one county and its neighbors. 64 outlines take some 300 kB."""


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
        """The county's outline in WGS 84 degrees, longitude first; unpacked on access."""
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
    """Return the identity of the boundaries in use; caches of outlines are keyed by it."""
    path = storages[ALIAS].path(LOADED)
    try:
        file = Path(path).stat()
    except FileNotFoundError:
        return None
    return path, file.st_ino, file.st_mtime_ns


def put(outlines: Iterable[Outline], *, year: int, source: str) -> int:
    """Replace the boundaries loaded by the agency; return the file's size in bytes."""
    path = Path(storages[ALIAS].path(LOADED))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    size = write(fresh, year=year, source=source, outlines=outlines)
    fresh.replace(path)
    return size


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

    On a shared boundary the lowest FIPS code wins. Boundaries are generalized (1:500,000): within some 200 m of one ask
    the person. Those between counties that changed since 2016 are rougher (1:5,000,000): some 300 m.
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


CONFIRM_WITHIN_M = 200.0
MAP_TOLERANCE_M = 50.0
MAP_DIGITS = 5


def own_county() -> County:
    """Return the county of settings.COUNTY_FIPS. Raises UnknownCounty."""
    return county(settings.COUNTY_FIPS)


def inside_jurisdiction(point: Point) -> bool:
    return bool(shapely.intersects_xy(_jurisdiction(), point.longitude, point.latitude))


def near_boundary(point: Point, meters: float = CONFIRM_WITHIN_M) -> bool:
    """True within so many meters of the agency's boundary: lines are generalized, so people confirm a place there."""
    return boundary_distance_m(point) <= meters


def boundary_distance_m(point: Point) -> float:
    """Return meters from a point to the agency's boundary, in a plane: exact to a meter within some kilometers."""
    scale = np.array([np.cos(np.radians(point.latitude)), 1.0]) * METERS_PER_DEGREE
    origin = np.array([point.longitude, point.latitude])

    def flat(places: NDArray[np.float64]) -> NDArray[np.float64]:
        away = places - origin
        away[:, 0] = (away[:, 0] + 180.0) % 360.0 - 180.0
        flattened: NDArray[np.float64] = away * scale
        return flattened

    line = shapely.transform(shapely.boundary(_jurisdiction()), flat)
    return float(shapely.distance(line, shapely.Point(0.0, 0.0)))


def boundary_geojson() -> dict[str, Any]:
    """Return the agency's boundary as a GeoJSON Feature, for maps only: simplified by up to 50 m, 5 digits (1.1 m)."""
    return json.loads(_drawn(*_configured()))  # type: ignore[no-any-return]


def boundary_year() -> int | None:
    """Return the year of the county's boundary in use, or None if the agency brought its own (AGENCY_BOUNDARY).

    Raises ImproperlyConfigured if that one can't be read.
    """
    if settings.AGENCY_BOUNDARY:
        _jurisdiction()
        return None
    return _atlas(edition()).found[own_county().fips][1].year


def _configured() -> tuple[str, str, Edition]:
    return own_county().fips, settings.AGENCY_BOUNDARY, edition()


def _jurisdiction() -> shapely.Geometry:
    return _area(*_configured())


@lru_cache(maxsize=4)
def _area(fips: str, path: str, _edition: Edition) -> shapely.Geometry:
    area = _agency_area(Path(path)) if path else county(fips).polygon
    shapely.prepare(area)
    return area


def _agency_area(path: Path) -> shapely.Geometry:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        area = shapely.union_all([shapely.geometry.shape(each) for each in _geometries(loaded)])
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        shapely.GEOSException,
    ) as error:
        raise ImproperlyConfigured(f"AGENCY_BOUNDARY: {path} can't be read as GeoJSON ({error}).") from error
    if area.is_empty or area.geom_type not in {"Polygon", "MultiPolygon"}:
        raise ImproperlyConfigured(f"AGENCY_BOUNDARY: {path} holds no polygon.")
    return area


def _geometries(loaded: dict[str, Any]) -> list[dict[str, Any]]:
    if loaded["type"] == "FeatureCollection":
        return [feature["geometry"] for feature in loaded["features"]]
    return [loaded["geometry"] if loaded["type"] == "Feature" else loaded]


@lru_cache(maxsize=4)
def _drawn(fips: str, path: str, of: Edition) -> str:
    own = county(fips)
    # A degree of longitude is shorter than one of latitude, so the line stays within the tolerance.
    simple = shapely.simplify(_area(fips, path, of), MAP_TOLERANCE_M / METERS_PER_DEGREE)
    rounded = shapely.transform(simple, lambda places: np.round(places, MAP_DIGITS))
    feature = {
        "type": "Feature",
        "properties": {
            "fips": own.fips,
            "name": own.name,
            "state": own.state,
            "year": None if path else _atlas(of).found[fips][1].year,
        },
        "geometry": json.loads(shapely.to_geojson(rounded)),
    }
    return json.dumps(feature)
