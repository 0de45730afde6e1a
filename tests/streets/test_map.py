"""The street map is one file of vector tiles."""

import gzip
import math
from collections.abc import Iterator
from pathlib import Path

import mapbox_vector_tile
import pytest
from pmtiles.reader import MmapSource, Reader

from fusus_portal.demo.data import town
from fusus_portal.ground.streets import map_files, street_map
from fusus_portal.ground.streets.models import StreetData


def tile_at(zoom: int, longitude: float, latitude: float) -> tuple[int, int, int]:
    """Return the tile of a place: zoom, column, row."""
    across = (longitude + 180) / 360
    down = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return zoom, int(across * 2**zoom), int(down * 2**zoom)


@pytest.fixture
def tiles(southside: StreetData) -> Iterator[Reader]:
    """Draw the map of the demo's town."""
    street_map.draw(southside)
    with Path(map_files.kept().path(southside.map_name)).open("rb") as file:
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
    assert "11th Ave S" not in seen


def test_the_file_says_where_it_is(tiles: Reader) -> None:
    header = tiles.header()
    west, east = header["min_lon_e7"] / 1e7, header["max_lon_e7"] / 1e7
    assert west < town.MIDDLE[0] < east
    assert header["max_zoom"] == street_map.MOST_ZOOM
