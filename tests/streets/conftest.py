"""A county and the demo's town, loaded."""

from pathlib import Path

import pytest

from fusus_portal.demo.data import tiger, town
from fusus_portal.ground.streets import loading
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import open_source

from . import county


@pytest.fixture
def homes(db: None, tmp_path: Path) -> list[tiger.Home]:
    """Load a county of 2,000 streets with points and ranges; return its addresses."""
    blocks = list(county.pieces(2_000, 10))
    homes = list(county.homes(blocks, 4))
    files = [tiger.write_edges(tmp_path / "edges", county.edges(blocks)), tiger.write_points(tmp_path / "a.csv", homes)]
    loading.load([open_source(file) for file in files])
    return homes


@pytest.fixture
def southside(db: None, tmp_path: Path) -> StreetData:
    """Load the demo's town."""
    return loading.load([open_source(file) for file in town.write(tmp_path)]).data
