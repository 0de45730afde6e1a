"""Building the street map: one PMTiles file of vector tiles, from what the county loaded.

Layers, all in Web Mercator tiles of 4,096 units: `roads` (class, name), `water` (area or line, name), `parks` (name).
Sources: PMTiles version 3 specification; Mapbox Vector Tile specification 2.1; MTFCC of the Census Bureau.
"""

import gzip
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, Final

import mapbox_vector_tile
import numpy as np
import shapely
from django.core.files import File
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from . import map_files
from .models import Segment, Site, StreetData

LEAST_ZOOM: Final = 9
MOST_ZOOM: Final = 15
"""The browser enlarges the tiles of this zoom."""

EXTENT: Final = 4096
BUFFER: Final = 64
"""Units that a tile reaches beyond its edge, so that lines and names go on."""

CLASSES: Final = {"S1100": "highway", "S1200": "main", "S1630": "main"} | dict.fromkeys(
    ("S1710", "S1720", "S1820", "S1830"), "path"
)
SEEN_FROM: Final = {"highway": 9, "main": 11, "street": 13, "path": 15}
"""Zoom at which each class of road begins to be drawn."""

PARKS: Final = ("K2582", *(f"K{number}" for number in range(2180, 2191)))
AREAS_FROM: Final = 10

Geometry = Any
OnProgress = Callable[[int, int], None]
"""Told of progress: tiles of a zoom so far, and all of them."""


def unheard(done: int, whole: int) -> None:
    """Tell nobody of progress."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Something that is drawn: its layer, from which zoom on, its properties, its geometry in Web Mercator (0 to 1)."""

    layer: str
    zoom: int
    properties: dict[str, str]
    geometry: Geometry


def draw(data: StreetData, *, progress: OnProgress = unheard) -> int:
    """Draw the map of a loading and keep it; return its size in bytes, 0 where there is nothing to draw."""
    shapes = list(_shapes(data))
    if not shapes:
        return 0
    with TemporaryFile() as file:
        writer = Writer(file)
        for tile_id, tile in _tiles(shapes, progress):
            writer.write_tile(tile_id, gzip.compress(tile, mtime=0))
        writer.finalize(*_header(shapes, data))
        size = file.tell()
        map_files.put(data, File(file))
    return size


def _shapes(data: StreetData) -> Iterator[Shape]:
    pieces: dict[tuple[str, str], list[Geometry]] = defaultdict(list)
    columns = ("road", "street__label", "line")
    for road, label, line in Segment.objects.filter(data=data, drawn=True).values_list(*columns).iterator():
        pieces[CLASSES.get(road, "street"), label or ""].append(shapely.from_wkb(bytes(line)))
    # A street is one line across its blocks, so that its name finds room.
    for (kind, label), lines in pieces.items():
        merged = shapely.line_merge(shapely.MultiLineString(lines)) if len(lines) > 1 else lines[0]
        for line in shapely.get_parts(merged):
            yield Shape("roads", SEEN_FROM[kind], {"class": kind} | ({"name": label} if label else {}), _mercator(line))
    for name, kind, outline in Site.objects.filter(data=data).values_list("name", "road", "outline").iterator():
        layer = "water" if kind.startswith("H") else "parks" if kind in PARKS else ""
        if layer and outline:
            named = {"name": name} if name else {}
            yield Shape(layer, AREAS_FROM, named, _mercator(shapely.from_wkb(bytes(outline))))


def _mercator(shape: Geometry) -> Geometry:
    """Return a shape in degrees as one in the square of Web Mercator, (0, 0) in the north-west."""

    def project(points: "np.ndarray[Any, np.dtype[np.float64]]") -> "np.ndarray[Any, np.dtype[np.float64]]":
        x = points[:, 0] / 360 + 0.5
        y = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(points[:, 1]) / 2)) / (2 * np.pi)
        return np.column_stack([x, y])

    return shapely.transform(shape, project)


def _tiles(shapes: Sequence[Shape], progress: OnProgress) -> Iterator[tuple[int, bytes]]:
    """Give the tiles of all zooms in the order that the file wants."""
    for zoom in range(LEAST_ZOOM, MOST_ZOOM + 1):
        drawn = [shape for shape in shapes if shape.zoom <= zoom]
        simple = shapely.simplify([shape.geometry for shape in drawn], 0.5 / EXTENT / 2**zoom)
        places: dict[tuple[int, int], list[int]] = defaultdict(list)
        for at, (west, north, east, south) in enumerate(shapely.bounds(simple)):
            for x in range(_tile(west, zoom, -1), _tile(east, zoom, 1) + 1):
                for y in range(_tile(north, zoom, -1), _tile(south, zoom, 1) + 1):
                    places[x, y].append(at)
        ordered = sorted(places, key=lambda place: zxy_to_tileid(zoom, *place))
        for done, (x, y) in enumerate(ordered, 1):
            tile = _encode([(drawn[at], simple[at]) for at in places[x, y]], zoom, x, y)
            if tile:
                yield zxy_to_tileid(zoom, x, y), tile
            if done % 500 == 0 or done == len(ordered):
                progress(done, len(ordered))


def _tile(place: float, zoom: int, side: int) -> int:
    tiles = 1 << zoom
    return max(0, min(tiles - 1, math.floor(place * tiles + side * BUFFER / EXTENT)))


def _encode(drawn: Iterable[tuple[Shape, Geometry]], zoom: int, x: int, y: int) -> bytes:
    scale = EXTENT * 2**zoom
    west, north = x * EXTENT, y * EXTENT
    layers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    shapes = list(drawn)
    moved = shapely.transform(
        [geometry for _shape, geometry in shapes],
        lambda points: np.column_stack([points[:, 0] * scale - west, EXTENT - (points[:, 1] * scale - north)]),
    )
    clipped = shapely.clip_by_rect(moved, -BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    for (shape, _geometry), part in zip(shapes, clipped, strict=True):
        if not part.is_empty:
            layers[shape.layer].append({"geometry": part, "properties": shape.properties})
    told = [{"name": name, "features": features} for name, features in layers.items()]
    if not told:
        return b""
    return bytes(mapbox_vector_tile.encode(told, default_options={"extents": EXTENT}))


def _header(shapes: Sequence[Shape], data: StreetData) -> tuple[dict[str, Any], dict[str, Any]]:
    west, north, east, south = shapely.total_bounds([shape.geometry for shape in shapes])
    box = [west * 360 - 180, _latitude(south), east * 360 - 180, _latitude(north)]
    steps = [round(value * 10_000_000) for value in box]
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": steps[0], "min_lat_e7": steps[1], "max_lon_e7": steps[2], "max_lat_e7": steps[3],
        "center_zoom": 13,
        "center_lon_e7": (steps[0] + steps[2]) // 2,
        "center_lat_e7": (steps[1] + steps[3]) // 2,
    }  # fmt: skip
    return header, {"name": "Streets", "attribution": data.attribution, "dated": str(data.dated)}


def _latitude(y: float) -> float:
    return math.degrees(2 * math.atan(math.exp((0.5 - y) * 2 * math.pi)) - math.pi / 2)
