"""Addresses are found however people write them: 98 of 100, first, and where they are."""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fusus_portal.demo.data import tiger
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets import services
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.matches import Found
from fusus_portal.ground.streets.readers import open_source

from .county import SOUTHERN, WESTERN, Address, County, addresses, edges, pieces, write_addresses
from .ways import WAYS, bare, written

SEED = 3
ASKED = 200
FIPS = {"AL": "01073", "NM": "35001"}
IsThere = Callable[[Found, Address], bool]


def on_its_point(found: Found, address: Address) -> bool:
    """Tell whether a place is within 30 m of an address."""
    return found.point.distance_m(Point(address.latitude, address.longitude)) <= 30


def on_its_side(found: Found, address: Address) -> bool:
    """Tell whether a place is on the right side of its block, between the ends."""
    (x, y), (to_x, to_y) = address.piece.start, address.piece.end
    east, north = found.point.longitude - x, found.point.latitude - y
    share = (east * (to_x - x) + north * (to_y - y)) / ((to_x - x) ** 2 + (to_y - y) ** 2)
    is_left = (to_x - x) * north - (to_y - y) * east > 0
    is_even = int(address.number[-1]) % 2 == 0
    return 0 <= share <= 1 and is_left == is_even and on_its_point(found, address)


def missed(told: list[Address], is_there: IsThere) -> list[tuple[str, str, str, list[str]]]:
    """Return what is not found first of addresses in ten ways: the way, the text, the street, what was found."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    twins = Counter(bare(street) for street in {address.street for address in told})
    wrong = []
    for at, address in enumerate(chance.sample(told, ASKED)):
        way = WAYS[at % len(WAYS)]
        text = written(address, way, chance)
        # Who leaves the direction out can't say which of two is meant.
        first = finder.find_places(text)[: 2 if way == "no direction" and twins[bare(address.street)] > 1 else 1]
        if not any(is_there(each, address) for each in first):
            wrong.append((way, text, address.street, [each.address for each in first]))
    return wrong


@pytest.mark.django_db
@pytest.mark.parametrize(
    "county", [SOUTHERN, pytest.param(WESTERN, marks=pytest.mark.long)], ids=["southern", "western"]
)
@pytest.mark.parametrize("is_there", [on_its_point, on_its_side])
def test_an_address_is_found_in_ten_ways_of_writing_it(
    tmp_path: Path, settings: Settings, county: County, is_there: IsThere
) -> None:
    """With address points they are found on them, without on the ranges of blocks."""
    settings.COUNTY_FIPS = FIPS[county.state]
    blocks = list(pieces(county, 1_000, 10))
    told = list(addresses(county, blocks, 4))
    files = [tiger.write_edges(tmp_path / "edges", edges(blocks))]
    if is_there is on_its_point:
        files.append(write_addresses(tmp_path / "a.csv", told))
    services.load_streets(sources=[open_source(file) for file in files])
    wrong = missed(told, is_there)
    assert len(wrong) <= ASKED * 0.02, wrong
