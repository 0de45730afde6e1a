"""The demo's town, loaded."""

from pathlib import Path

import pytest

from fusus_portal.demo.data import town
from fusus_portal.ground.streets import services
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import open_source


@pytest.fixture
def southside(db: None, tmp_path: Path) -> StreetData:
    """Load the demo's town."""
    return services.load_streets(sources=[open_source(file) for file in town.write(tmp_path)]).data
