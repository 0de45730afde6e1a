"""The street map is one file of vector tiles."""

import gzip
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import mapbox_vector_tile
import pytest
from pmtiles.reader import MmapSource, Reader, all_tiles

from fusus_portal.demo.data import tiger, town
from fusus_portal.ground.streets import services, street_map
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import open_source

from .town import make_world  # noqa: F401


def tile_at(zoom: int, longitude: float, latitude: float) -> tuple[int, int, int]:
    """Return the tile of a place: zoom, column, row."""
    across = (longitude + 180) / 360
    down = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return zoom, int(across * 2**zoom), int(down * 2**zoom)


@pytest.fixture
def tiles(world: StreetData) -> Iterator[Reader]:
    """Open the map of the demo's town."""
    with Path(street_map.map_storage().path(world.map_name)).open("rb") as file:
        yield Reader(MmapSource(file))


def names(tiles: Reader, layer: str, *, zoom: int, street: float = 20, avenue: float = 11) -> set[str]:
    """Return the names that a layer of a tile has."""
    tile = tiles.get(*tile_at(zoom, *town.at(street, avenue)))
    assert tile is not None
    told = mapbox_vector_tile.decode(gzip.decompress(tile))
    return {each["properties"].get("name", "") for each in told.get(layer, {"features": []})["features"]}


def test_streets_are_drawn_with_their_names(tiles: Reader) -> None:
    assert {"20th St S", "11th Ave S"} <= names(tiles, "roads", zoom=15)


def test_parks_and_water_are_drawn(tiles: Reader) -> None:
    assert "Caldwell Park" in names(tiles, "parks", zoom=15, street=27, avenue=14)
    assert "Caldwell Lake" in names(tiles, "water", zoom=15, street=27, avenue=14)


def test_a_school_is_no_park(tiles: Reader) -> None:
    assert "Southside School" not in names(tiles, "parks", zoom=15, street=23.5, avenue=9.5)


def test_from_afar_only_larger_streets_are_drawn(tiles: Reader) -> None:
    seen = names(tiles, "roads", zoom=12)
    assert "20th St S" in seen
    assert "Cobb Ln S" not in seen


def test_the_file_says_where_it_is(tiles: Reader) -> None:
    header = tiles.header()
    west, east = header["min_lon_e7"] / 1e7, header["max_lon_e7"] / 1e7
    assert west < town.MIDDLE[0] < east
    assert header["max_zoom"] == street_map.MOST_ZOOM


def rural(folder: Path, *, road: str) -> StreetData:
    """Load a county of 60 long roads and a short lane, with its map. road: the feature class of the long ones."""
    lines = [[(-86.9 + 0.02 * step, 33.3 + 0.004 * at) for step in range(8)] for at in range(60)]
    roads = [tiger.Edge(f"Road {at}", line, road=road) for at, line in enumerate(lines)]
    lane = tiger.Edge("Short Ln", [(-86.83, 33.421), (-86.829, 33.421)])
    return services.load_streets(
        sources=[open_source(tiger.write_edges(folder / "edges", [*roads, lane]))], elsewhere=True
    )


def drawn(data: StreetData, zoom: int) -> set[str]:
    """Return the names of the roads that a map has at a zoom."""
    with Path(street_map.map_storage().path(data.map_name)).open("rb") as file:
        tiles = [gzip.decompress(tile) for place, tile in all_tiles(MmapSource(file)) if place[0] == zoom]
    told = [mapbox_vector_tile.decode(tile).get("roads", {"features": []})["features"] for tile in tiles]
    return {each["properties"]["name"] for features in told for each in features}


@pytest.mark.django_db
def test_a_county_without_highways_shows_its_longest_roads_from_afar(tmp_path: Path, subtests: pytest.Subtests) -> None:
    """Its first view was a blank sheet."""
    data = rural(tmp_path, road="S1400")
    for zoom in range(street_map.LEAST_ZOOM, 13):
        with subtests.test(zoom=zoom):
            seen = drawn(data, zoom)
            assert len(seen) >= street_map.MAIN_ROADS
            assert "Short Ln" not in seen


@pytest.mark.django_db
def test_what_is_drawn_of_a_road_on_one_tile_is_drawn_on_all_of_its_tiles(tmp_path: Path) -> None:
    data = rural(tmp_path, road="S1400")
    with Path(street_map.map_storage().path(data.map_name)).open("rb") as file:
        tiles = {place: gzip.decompress(tile) for place, tile in all_tiles(MmapSource(file)) if place[0] == 11}
    columns: dict[str, set[int]] = defaultdict(set)
    for (_zoom, x, _y), tile in tiles.items():
        for each in mapbox_vector_tile.decode(tile)["roads"]["features"]:
            columns[each["properties"]["name"]].add(x)
    assert len({frozenset(held) for held in columns.values()}) == 1, columns


@pytest.mark.django_db
def test_where_there_are_main_roads_no_others_are_drawn_from_afar(tmp_path: Path) -> None:
    data = rural(tmp_path, road="S1200")
    assert "Short Ln" not in drawn(data, 12)
    assert "Short Ln" in drawn(data, 13)
