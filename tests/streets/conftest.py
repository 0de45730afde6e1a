"""The demo's town, loaded for one test."""

import pytest

from fusus_portal.ground.streets.models import StreetData

from .town import make_world


@pytest.fixture
def southside(db: None) -> StreetData:
    """Load the demo's town."""
    return make_world()
