"""The street map: one PMTiles file of vector tiles from the county's load.

Layers, all in Web Mercator tiles of 4,096 units: `roads` (class, name), `houses` (points), `water` (area or line,
name), `parks` (name). Roads of the class "named" have a name and no line: they are known from houses alone. Sources:
PMTiles version 3 specification; Mapbox Vector Tile specification 2.1; MTFCC of the Census Bureau.
"""

import gzip
import hashlib
import math
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, cast

import mapbox_vector_tile
import numpy as np
import shapely
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from numpy.typing import NDArray
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from fusus_portal.ground.streets.models import DERIVED, House, Segment, Site, StreetData
from fusus_portal.ground.streets.states import LoadState

ALIAS: Final = "maps"
NAME: Final = re.compile(r"streets-\d{1,19}-[0-9a-f]{16}\.pmtiles", re.ASCII)
BEGINNING: Final = b"PMTiles\x03"
"""First bytes of a map's file (PMTiles version 3 specification)."""

LONGEST_LOADING: Final = timedelta(days=1)
"""Time for which a map that no load names may be of a load that is still being read."""


class NoMap(Exception):
    """A file is not a map; the sentence says so."""


def map_storage() -> Storage:
    return storages[ALIAS]


def drawn_map() -> tuple[str, str]:
    """Return the street map's URL or "", and the data's attribution in the active language or "": one query."""
    in_use = StreetData.objects.filter(state=LoadState.CURRENT).values_list("map_name", "attribution").first()
    name, of = in_use or ("", "")
    return reverse("street_map", kwargs={"name": name}) if name else "", translation.gettext(of) if of else ""


def map_exists(name: str) -> bool:
    """True if the map of this name exists. Names of another form never reach the storage: one may be a folder."""
    return bool(NAME.fullmatch(name)) and map_storage().exists(name)


def open_map(name: str) -> BinaryIO:
    return cast("BinaryIO", map_storage().open(name))


def map_size(data: StreetData) -> int:
    return map_storage().size(data.map_name) if data.map_name else 0


def delete_map(data: StreetData) -> None:
    if data.map_name:
        map_storage().delete(data.map_name)


def keep_map(data: StreetData, file: "File[Any]") -> None:
    """Store a load's map, and delete its former one after the commit. Raises NoMap."""
    file.seek(0)
    if file.read(len(BEGINNING)) != BEGINNING:
        raise NoMap("That is no map: it has to be a PMTiles file of version 3.")
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    # A digest of the content, because browsers cache a map for good.
    name = f"streets-{data.pk}-{digest.hexdigest()[:16]}.pmtiles"
    before = data.map_name
    if name == before:
        return
    map_storage().delete(name)  # a killed worker may have left it
    map_storage().save(name, file)
    with transaction.atomic():
        data.map_name = name
        data.save(update_fields=["map_name"])
        if before:
            transaction.on_commit(partial(map_storage().delete, before))


def delete_lost_maps() -> None:
    used = set(StreetData.objects.values_list("map_name", flat=True))
    for name in map_storage().listdir("")[1]:
        is_ours = NAME.fullmatch(name) is not None
        if is_ours and name not in used and map_storage().get_modified_time(name) < timezone.now() - LONGEST_LOADING:
            map_storage().delete(name)


LEAST_ZOOM: Final = 6
MOST_ZOOM: Final = 15
"""Highest zoom of the tiles; beyond it the browser enlarges them."""

EXTENT: Final = 4096
BUFFER: Final = 64
"""Units that a tile extends beyond its edge, so that lines and names continue."""

CLASSES: Final = {"S1100": "highway", "S1200": "main", "S1630": "main", DERIVED: "named"} | dict.fromkeys(
    ("S1710", "S1720", "S1820", "S1830"), "path"
)
SEEN_FROM: Final = {"highway": 6, "main": 11, "street": 13, "path": 15, "named": 14}
"""Zoom from which each class of road is drawn."""

FEW_ROADS: Final = 4
MAIN_ROADS: Final = 12
"""A tile with fewer than FEW_ROADS roads at its zoom gets the longest of the others, up to MAIN_ROADS."""

HOUSE_CELL: Final = 16
"""Units of the side of a square that shows one house at most: two pixels on a screen."""

PARKS: Final = ("K2582", *(f"K{number}" for number in range(2180, 2191)))
AREAS_FROM: Final = 10

Geometry = Any
Places = NDArray[np.float64]
_NO_HOUSES: Final[Places] = np.empty((0, 2))
OnProgress = Callable[[int, int], None]
"""A function that is told of progress: tiles of a zoom so far, and their total."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape to draw. zoom: the lowest at which it is drawn. geometry: in Web Mercator (0 to 1)."""

    layer: str
    zoom: int
    properties: dict[str, str]
    geometry: Geometry

    @property
    def is_street(self) -> bool:
        """True for highways, main roads and streets, which a tile with few roads may show before their zoom."""
        return self.layer == "roads" and self.zoom <= SEEN_FROM["street"]


def draw_map(data: StreetData, *, progress: OnProgress = lambda *_told: None) -> int:
    """Draw and store a load's map; return its size in bytes, or 0 if nothing is to draw."""
    shapes = list(_shapes(data))
    has_lines = any(shape.layer == "roads" and shape.properties["class"] != "named" for shape in shapes)
    houses = _NO_HOUSES if has_lines else _houses(data)
    if not shapes and not len(houses):
        return 0
    with TemporaryFile() as file:
        writer = Writer(file)
        for tile_id, tile in _tiles(shapes, houses, progress):
            writer.write_tile(tile_id, gzip.compress(tile, mtime=0))
        writer.finalize(*_header(shapes, houses, data))
        size = file.tell()
        keep_map(data, File(file))
    return size


def _shapes(data: StreetData) -> Iterator[Shape]:
    pieces: dict[tuple[str, str], list[Geometry]] = defaultdict(list)
    columns = ("road", "street__label", "line")
    for road, label, line in Segment.objects.filter(data=data, drawn=True).values_list(*columns).iterator():
        pieces[CLASSES.get(road, "street"), label or ""].append(shapely.from_wkb(bytes(line)))
    # Merge a street's blocks into one line, so that its name fits.
    for (kind, label), lines in pieces.items():
        merged = shapely.line_merge(shapely.MultiLineString(lines)) if len(lines) > 1 else lines[0]
        for line in shapely.get_parts(merged):
            yield Shape("roads", SEEN_FROM[kind], {"class": kind} | ({"name": label} if label else {}), _mercator(line))
    for name, kind, outline in Site.objects.filter(data=data).values_list("name", "road", "outline").iterator():
        layer = "water" if kind.startswith("H") else "parks" if kind in PARKS else ""
        if layer and outline:
            named = {"name": name} if name else {}
            yield Shape(layer, AREAS_FROM, named, _mercator(shapely.from_wkb(bytes(outline))))


def _houses(data: StreetData) -> Places:
    places = array("d")
    for place in House.objects.filter(data=data).values_list("longitude", "latitude").iterator(chunk_size=10_000):
        places.extend(place)
    return _projected(np.array(places).reshape(-1, 2))


def _mercator(shape: Geometry) -> Geometry:
    """Project degrees into Web Mercator, with (0, 0) in the north-west."""
    return shapely.transform(shape, _projected)


def _projected(points: Places) -> Places:
    x = points[:, 0] / 360 + 0.5
    y = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(points[:, 1]) / 2)) / (2 * np.pi)
    return np.column_stack([x, y])


def _tiles(shapes: Sequence[Shape], houses: Places, progress: OnProgress) -> Iterator[tuple[int, bytes]]:
    for zoom in range(LEAST_ZOOM, MOST_ZOOM + 1):
        drawn = [*(shape for shape in shapes if shape.zoom <= zoom), *_main_roads(shapes, zoom)]
        simple = shapely.simplify([shape.geometry for shape in drawn], 0.5 / EXTENT / 2**zoom)
        places = _places(simple, zoom)
        seen = _houses_of_tiles(houses, zoom)
        ordered = sorted(places.keys() | seen.keys(), key=lambda place: zxy_to_tileid(zoom, *place))
        for done, (x, y) in enumerate(ordered, 1):
            parts = [(drawn[at], simple[at]) for at in places.get((x, y), ())]
            tile = _encode(parts, seen.get((x, y)), zoom, x, y)
            if tile:
                yield zxy_to_tileid(zoom, x, y), tile
            if done % 500 == 0 or done == len(ordered):
                progress(done, len(ordered))


def _places(geometries: Sequence[Geometry] | NDArray[Any], zoom: int) -> dict[tuple[int, int], list[int]]:
    places: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, (west, north, east, south) in enumerate(shapely.bounds(geometries).tolist()):
        for x in range(_tile(west, zoom, -1), _tile(east, zoom, 1) + 1):
            for y in range(_tile(north, zoom, -1), _tile(south, zoom, 1) + 1):
                places[x, y].append(at)
    return places


def _main_roads(shapes: Sequence[Shape], zoom: int) -> list[Shape]:
    """Return the longest roads of tiles that have few roads, drawn before their zoom: a county may have no highway."""
    roads = [shape for shape in shapes if shape.is_street]
    if all(road.zoom <= zoom for road in roads):
        return []
    lengths = shapely.length([road.geometry for road in roads])
    chosen: set[int] = set()
    for many in _places([road.geometry for road in roads], zoom).values():
        drawn = sum(roads[at].zoom <= zoom for at in many)
        if drawn < FEW_ROADS:
            others = [at for at in many if roads[at].zoom > zoom]
            chosen.update(sorted(others, key=lambda at: (roads[at].zoom, -lengths[at]))[: MAIN_ROADS - drawn])
    return [roads[at] for at in sorted(chosen)]


def _houses_of_tiles(houses: Places, zoom: int) -> dict[tuple[int, int], Places]:
    """Return the places of houses by tile, in the tile's units, one for each square of HOUSE_CELL."""
    if not len(houses):
        return {}
    cells = np.unique(np.floor(houses * (EXTENT // HOUSE_CELL << zoom)).astype(np.int64), axis=0)
    side = EXTENT // HOUSE_CELL
    tiles = cells // side
    order = np.lexsort((tiles[:, 1], tiles[:, 0]))
    cells, tiles = cells[order], tiles[order]
    starts = np.flatnonzero(np.any(np.diff(tiles, axis=0, prepend=-1) != 0, axis=1))
    inside = (cells - tiles * side) * HOUSE_CELL + HOUSE_CELL // 2
    many = np.split(inside, starts[1:])
    return {(x, y): part for (x, y), part in zip(tiles[starts].tolist(), many, strict=True)}


def _tile(place: float, zoom: int, side: int) -> int:
    tiles = 1 << zoom
    return max(0, min(tiles - 1, math.floor(place * tiles + side * BUFFER / EXTENT)))


def _encode(drawn: Iterable[tuple[Shape, Geometry]], houses: Places | None, zoom: int, x: int, y: int) -> bytes:
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
    if houses is not None:
        points = shapely.MultiPoint(np.column_stack([houses[:, 0], EXTENT - houses[:, 1]]))
        layers["houses"].append({"geometry": points, "properties": {}})
    told = [{"name": name, "features": features} for name, features in layers.items()]
    if not told:
        return b""
    return bytes(mapbox_vector_tile.encode(told, default_options={"extents": EXTENT}))


def _header(shapes: Sequence[Shape], houses: Places, data: StreetData) -> tuple[dict[str, Any], dict[str, Any]]:
    # All houses as a shape would take some 350 bytes each.
    ends = np.array([houses.min(axis=0), houses.max(axis=0)]) if len(houses) else houses
    west, north, east, south = shapely.total_bounds([*(shape.geometry for shape in shapes), shapely.MultiPoint(ends)])
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
