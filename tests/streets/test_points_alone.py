"""A county that has address points and no file of streets: streets, blocks, corners and a map from the points alone."""

import gzip
import math
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import mapbox_vector_tile
import pytest
from pmtiles.reader import MmapSource, Reader

from fusus_portal.demo.data import tiger, town
from fusus_portal.demo.data.tiger import Home
from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point
from fusus_portal.ground.streets import services, street_map
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.blocks import block_at
from fusus_portal.ground.streets.finder.matches import Found
from fusus_portal.ground.streets.models import Corner, Segment, StreetData
from fusus_portal.ground.streets.readers import open_source
from fusus_portal.ground.streets.services import NewAddress
from tests.factories import person

from .test_map import tile_at

pytestmark = pytest.mark.django_db
NARROW = math.cos(math.radians(33.5))


def make_world() -> StreetData:
    """Load the addresses of the demo's town, and nothing else."""
    with TemporaryDirectory() as folder:
        return load(Path(folder), *town.homes())


@pytest.fixture
def points(world: StreetData) -> StreetData:
    """Return the addresses of the demo's town."""
    return world


def load(folder: Path, *homes: Home) -> StreetData:
    """Load addresses alone."""
    return services.load_streets(sources=[open_source(tiger.write_points(folder / "a.csv", homes))])


def first(text: str) -> Found:
    """Return what is found first."""
    return finder.find_places(text)[0]


def far_m(point: Point, street: float, avenue: float) -> float:
    """Return how far a point is from a place of the town's grid, in meters."""
    longitude, latitude = town.at(street, avenue)
    return point.distance_m(Point(latitude, longitude))


def along(number: int, street: str, *, east: float, north: float = 0.0, zip_code: str = "") -> Home:
    """Return a house so many meters from a corner of the county."""
    place = -86.8 + east / METERS_PER_DEGREE / NARROW, 33.5 + north / METERS_PER_DEGREE
    return Home(number, street, "", zip_code, *place)


@pytest.mark.parametrize(
    ("text", "street", "avenue"),
    [
        ("2000 block of 11th Ave S", 20.5, 11),
        ("2900 block of 10th Ave S", 29.5, 10),
        ("1200 block of 20th St S", 20, 12.5),
        ("900 block of Richard Arrington Jr Blvd S", 21, 9.5),
    ],
)
def test_a_block_is_found_at_its_middle(points: StreetData, text: str, street: float, avenue: float) -> None:
    found = first(text)
    assert (found.label, found.precision, found.zip_code) == (text, "street", town.ZIP_CODE)
    assert far_m(found.point, street, avenue) < 15


@pytest.mark.parametrize(
    ("text", "street", "avenue"),
    [("20th St S & 11th Ave S", 20, 11), ("29th St S and 5th Ave S", 29, 5), ("16th St S & 16th Ave S", 16, 16)],
)
def test_a_corner_is_found(points: StreetData, text: str, street: float, avenue: float) -> None:
    assert far_m(first(text).point, street, avenue) < 25


def test_most_corners_of_the_streets_are_found_and_few_others(points: StreetData, tmp_path: Path) -> None:
    """Held against the corners that the town's streets have."""
    own = corners(points)
    edges = tiger.write_edges(tmp_path / "edges", town.edges())
    theirs = corners(services.load_streets(sources=[open_source(edges)]))
    assert len(own & theirs) > 0.95 * len(theirs)
    assert len(own - theirs) < 0.05 * len(own)


def test_a_street_without_a_number_is_found_on_itself(points: StreetData) -> None:
    found = first("11th Ave S")
    assert (found.label, found.precision) == ("11th Ave S", "street")
    assert block_at(found.point).label.endswith("block of 11th Ave S")  # type: ignore[union-attr]


def test_a_pin_says_its_block(points: StreetData) -> None:
    longitude, latitude = town.at(20.3, 11.05)
    block = block_at(Point(latitude, longitude))
    assert block is not None
    assert (block.label, block.cross) == ("2000 block of 11th Ave S", "20th St S")


def test_a_number_that_no_house_has_is_not_found_between_two(points: StreetData) -> None:
    numbers = {home.number for home in town.homes() if home.street == "11th Ave S" and 2000 <= home.number < 2100}
    for number in range(2000, 2100):
        found = finder.find_places(f"{number} 11th Ave S")
        assert any(each.is_exact for each in found) == (number in numbers), number


def test_a_county_with_streets_of_its_own_gets_none_from_points(southside: StreetData) -> None:
    assert not Segment.objects.filter(data=southside, road="").exists()
    assert Segment.objects.filter(data=southside).count() == len(town.edges())


def test_main_street_of_two_towns_has_a_block_in_each(tmp_path: Path) -> None:
    here = [along(100 + 4 * at, "Main St", east=20 * at, zip_code="35203") for at in range(20)]
    there = [along(102 + 4 * at, "Main St", east=9_000 + 20 * at, zip_code="35215") for at in range(20)]
    load(tmp_path, *here, *there)
    found = [each for each in finder.find_places("100 block of Main St") if each.precision == "street"]
    east = [(each.point.longitude + 86.8) * METERS_PER_DEGREE * NARROW for each in found]
    assert {(each.zip_code, round(meters, -2)) for each, meters in zip(found, east, strict=True)} == {
        ("35203", 200),
        ("35215", 9_200),
    }


def test_a_road_in_the_country_is_one_line_across_its_blocks(tmp_path: Path) -> None:
    """A house each half mile, on one side or the other, and a road that crosses between two of them."""
    road = [along(100 + 100 * at, "County Road 17", east=800 * at, north=20 * (-1) ** at) for at in range(8)]
    crossing = [along(100 + 10 * at, "Elm Rd", east=2_000, north=60 * at - 270) for at in range(10)]
    data = load(tmp_path, *road, *crossing)
    assert Segment.objects.filter(data=data, street__label="County Road 17").count() == 8
    [corner] = Corner.objects.filter(data=data, street__label="Elm Rd")
    assert Point(corner.latitude, corner.longitude).distance_m(_point(2_000, 0)) < 40


def test_streets_that_end_at_another_meet_it(tmp_path: Path) -> None:
    across = [along(100 + 2 * at, "Oak St", east=15 * at, north=15 * (-1) ** at) for at in range(20)]
    down = [along(100 + 2 * at, "Elm St", east=150 + 15 * (-1) ** at, north=-45 - 15 * at) for at in range(20)]
    data = load(tmp_path, *across, *down)
    [corner] = Corner.objects.filter(data=data, street__label="Elm St")
    assert Point(corner.latitude, corner.longitude).distance_m(_point(150, 0)) < 20


def test_one_house_alone_is_a_block(tmp_path: Path) -> None:
    load(tmp_path, along(1204, "Lone Rd", east=0))
    assert first("1200 block of Lone Rd").point.distance_m(_point(0, 0)) < 2


def test_an_address_that_staff_add_in_a_row_of_houses_is_not_at_its_pin(tmp_path: Path) -> None:
    """A line through houses is no street to be in front of: the place on it would be the pin of who lives there."""
    load(tmp_path, *[along(100 + 4 * at, "Oak St", east=15 * at) for at in range(20)])
    pin = _point(137, 0)
    services.add_address(address=NewAddress("137 Oak St", "Birmingham", "35203", pin), by=person("administrator"))
    [found] = finder.find_places("137 Oak St")
    assert found.point == Point(round(pin.latitude, 3), round(pin.longitude, 3)) != pin


@pytest.fixture
def tiles(points: StreetData) -> Iterator[Reader]:
    """Open the map that was drawn."""
    with Path(street_map.map_storage().path(points.map_name)).open("rb") as file:
        yield Reader(MmapSource(file))


def layer(tiles: Reader, name: str, zoom: int) -> list[dict[str, object]]:
    """Return what a layer has in the middle of the town."""
    tile = tiles.get(*tile_at(zoom, *town.MIDDLE))
    assert tile is not None
    told: list[dict[str, object]] = mapbox_vector_tile.decode(gzip.decompress(tile)).get(name, {"features": []})[
        "features"
    ]
    return told


def test_houses_are_drawn_from_afar_and_from_near(tiles: Reader, subtests: pytest.Subtests) -> None:
    for zoom in range(street_map.LEAST_ZOOM, street_map.MOST_ZOOM + 1):
        with subtests.test(zoom=zoom):
            [feature] = layer(tiles, "houses", zoom)
            assert feature["geometry"]["type"] in {"MultiPoint", "Point"}  # type: ignore[index]


def test_a_house_is_drawn_where_it_is(tiles: Reader) -> None:
    zoom, x, y = tile_at(15, *town.MIDDLE)
    [feature] = layer(tiles, "houses", zoom)
    drawn = [(column, 4096 - row) for column, row in feature["geometry"]["coordinates"]]  # type: ignore[index]
    inside = [_units(home, x, y) for home in town.homes()]
    inside = [(column, row) for column, row in inside if 0 <= column < 4096 and 0 <= row < 4096]
    assert all(min(math.dist(place, each) for each in drawn) < street_map.HOUSE_CELL for place in inside)
    assert len(drawn) > 0.9 * len(inside)


def test_streets_have_their_names_but_no_lines(tiles: Reader) -> None:
    roads = layer(tiles, "roads", 15)
    assert {"class": "named", "name": "11th Ave S"} in [each["properties"] for each in roads]
    assert {each["properties"]["class"] for each in roads} == {"named"}  # type: ignore[index]


def test_the_map_reaches_to_the_outermost_houses(tmp_path: Path) -> None:
    """Nothing else does: the street runs between its two sides."""
    homes = [along(100 + at, "Oak St", east=15 * at, north=20 if at % 2 else -20) for at in range(20)]
    data = load(tmp_path, *homes)
    with Path(street_map.map_storage().path(data.map_name)).open("rb") as file:
        header = Reader(MmapSource(file)).header()
    told = [header["min_lat_e7"] / 1e7, header["max_lat_e7"] / 1e7]
    assert told == pytest.approx([homes[0].latitude, homes[1].latitude], abs=1e-6)


def corners(data: StreetData) -> set[tuple[str, str]]:
    """Return which streets meet."""
    return set(Corner.objects.filter(data=data).values_list("street__label", "other__label"))


def _point(east: float, north: float) -> Point:
    home = along(1, "", east=east, north=north)
    return Point(home.latitude, home.longitude)


def _units(home: Home, x: int, y: int) -> tuple[float, float]:
    across = (home.longitude + 180) / 360
    down = (1 - math.asinh(math.tan(math.radians(home.latitude))) / math.pi) / 2
    return (across * 2**15 - x) * 4096, (down * 2**15 - y) * 4096
