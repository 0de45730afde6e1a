"""The block that a pin is in says number and street, and the finder leads from its words back to it."""

import random
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fusus_portal.demo.data.tiger import Edge, write_edges
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets import services
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.blocks import block_at
from fusus_portal.ground.streets.readers import open_source

from .three_counties import HOLLOW

ALONG = [(-86.80, 33.50), (-86.79, 33.50)]
ON_IT = Point(33.5001, -86.7955)

pytestmark = pytest.mark.django_db


def test_a_pin_on_ranges_leads_to_a_block_and_back(tmp_path: Path, settings: Settings) -> None:
    settings.COUNTY_FIPS = HOLLOW.fips
    services.load_streets(sources=[open_source(file) for file in HOLLOW.write(tmp_path)])
    homes = random.Random(5).sample(HOLLOW.homes(), 200)  # noqa: S311
    lost = []
    for home in homes:
        pin = Point(home.place[1], home.place[0])
        block = block_at(pin)
        back = finder.find_places(block.label) if block else []
        if not any(each.point.distance_m(pin) <= 450 for each in back[:2]):
            lost.append((home.number, home.street, block and block.label, back[:2]))
    assert len(lost) <= 4, lost


def test_a_street_that_is_there_twice_keeps_its_numbers(tmp_path: Path) -> None:
    """The file of roads has no numbers; that of edges has them."""
    edges = [Edge("Oak St", ALONG), Edge("Oak St", ALONG, (400, 498), (401, 499), "35205")]
    services.load_streets(sources=[open_source(write_edges(tmp_path / "edges", edges))])
    block = block_at(ON_IT)
    assert block is not None
    assert block.label == "400 block of Oak St"


def test_a_street_without_ranges_is_numbered_by_its_houses(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "LON,LAT,NUMBER,STREET\n-86.7956,33.5002,731,Oak St\n-86.7910,33.5002,1131,Oak St\n-86.7955,33.5003,12,Elm St\n"
    )
    files = [write_edges(tmp_path / "edges", [Edge("Oak St", ALONG)]), tmp_path / "a.csv"]
    services.load_streets(sources=[open_source(file) for file in files])
    block = block_at(ON_IT)
    assert block is not None
    assert block.label == "700 block of Oak St"
