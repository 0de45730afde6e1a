"""The demo's town as the world of a module's tests."""

from pathlib import Path
from tempfile import TemporaryDirectory

from fusus_portal.demo.data import town
from fusus_portal.ground.streets import services
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import open_source


def make_world() -> StreetData:
    """Load the demo's town."""
    with TemporaryDirectory() as folder:
        return services.load_streets(sources=[open_source(file) for file in town.write(Path(folder))])
