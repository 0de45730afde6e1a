"""The middle of a block is that of its numbers, wherever the pieces of its street end."""

from pathlib import Path

import pytest

from fusus_portal.demo.data.tiger import Edge, write_edges
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets import services
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.readers import open_source

pytestmark = pytest.mark.django_db

WEST, NORTH, STEP = -86.80, 33.50, 0.001
"""Numbers of Oak St run east, a hundred each step; Elm St is in two towns, and runs west in one of them."""

EDGES = [
    Edge("Oak St", [(WEST, NORTH), (WEST + 3 * STEP, NORTH)], (100, 398), (101, 399)),
    Edge("Oak St", [(WEST + 3 * STEP, NORTH), (WEST + 3.5 * STEP, NORTH)], (400, 448), (401, 449)),
    Edge("Oak St", [(WEST + 3.5 * STEP, NORTH), (WEST + 4.5 * STEP, NORTH)], (450, 548), (451, 549)),
    Edge("Elm St", [(WEST, NORTH + 0.02), (WEST - STEP, NORTH + 0.02)], (200, 298), (201, 299)),
    Edge("Elm St", [(WEST, NORTH - 0.05), (WEST + STEP, NORTH - 0.05)], (200, 298), (201, 299)),
]


@pytest.fixture(autouse=True)
def county(tmp_path: Path) -> None:
    """Load the streets."""
    services.load_streets(sources=[open_source(write_edges(tmp_path / "edges", EDGES))])


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("100 block of Oak St", 0.5),
        ("the 200 block of Oak", 1.5),
        ("300 blk Oak St", 2.5),
        ("400 block of Oak St", 3.5),
        ("5 hundred block of Oak St", 4.25),
        ("Oak St, 200 block", 1.5),
    ],
)
def test_a_block_is_in_the_middle_of_its_numbers(text: str, steps: float) -> None:
    found = finder.find_places(text)[0]
    assert found.is_sure
    assert found.point.distance_m(Point(NORTH, WEST + steps * STEP)) < 6


def test_a_block_of_two_places_is_a_question() -> None:
    found = finder.find_places("200 block of Elm St")
    assert {round(each.point.latitude, 2) for each in found} == {33.52, 33.45}
    assert not found[0].is_sure
