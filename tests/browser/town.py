"""The demo's town with its street map, before a portal runs on it."""

from pathlib import Path

import pytest

from fusus_portal.demo.data import town
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets import services, street_map
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.readers import open_source
from tests.browser.window import Window
from tests.database.clone import Clone

HOME = "2024 11th Ave S"
DRAWN = """() => {
  const tiles = [...document.querySelectorAll(".map canvas")];
  return tiles.length > 0 && tiles.every((tile) => tile.style.opacity === "1");
}"""
BLOCK = "2000 block of Magnolia Ave S"


@pytest.fixture
def streets(portal_db: Clone, tmp_path: Path) -> None:
    """Load the town, and draw its map."""
    street_map.draw_map(services.load_streets(sources=[open_source(file) for file in town.write(tmp_path)]))


def at(text: str) -> Point:
    """Return where a place of the town is."""
    return finder.find_places(text)[0].point


def sees_streets(window: Window) -> None:
    """Wait until the map of a page has drawn its streets, and look at it."""
    window.page.wait_for_function(DRAWN)
    window.looks()
