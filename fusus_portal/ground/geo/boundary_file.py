"""Compact file of county boundaries: written once by a developer, read at run time.

Layout: 4 bytes magic, a big-endian uint32 length, that many bytes of deflated JSON (year, source and one row for each
county, with its bounding box and the place of its outline), then the outlines.

An outline is the deflated bytes of its points as zigzag differences of multiples of 1/100,000 degree (1.1 m), all
longitudes before all latitudes, each 32-bit number split into byte planes, which deflate packs better than the numbers
themselves.
"""

import json
import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

MAGIC = b"CNTY"
STEPS_PER_DEGREE = 100_000
PREFIX = struct.Struct(">4sI")


@dataclass(frozen=True, slots=True)
class Outline:
    """A county for the writer. parts: polygons of rings of (longitude, latitude)."""

    fips: str
    name: str
    state: str
    state_code: str
    parts: list[list[list[tuple[float, float]]]]


@dataclass(frozen=True, slots=True)
class Row:
    """A county in the file's index.

    box: west, south, east, north in degrees. rings: for each polygon the number of points of its rings, the outer one
    first. start, size: bytes among the outlines.
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
"""Census legal and statistical area description (LSAD) codes of counties and their equals."""


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
    """Return the polygons of an area, at the precision of the compact file and still valid."""
    return [
        [[(x, y) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(_rounded(shape))
    ]


def _rounded(exact: shapely.Geometry) -> shapely.Geometry:
    plain = shapely.transform(exact, lambda places: np.round(places * STEPS_PER_DEGREE) / STEPS_PER_DEGREE)
    # Rounding folds two outlines of 3,233; moving their points together keeps all the others as is.
    return plain if shapely.is_valid(plain) else shapely.set_precision(exact, 1 / STEPS_PER_DEGREE)
