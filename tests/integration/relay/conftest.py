"""Cameras that may be seen, and a relay on this test's database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fusus_portal.demo.servers import valkey
from tests.database.clone import Clone
from tests.integration.live.streaming import Scene, kept_scene
from tests.integration.relay.watching import offered
from tests.peers.queue import running_valkey
from tests.peers.relay import Relay, free_port, running_relay
from tests.peers.web import environment


@pytest.fixture
def seen(portal_db: Clone) -> Scene:
    """Return two cameras that may be seen."""
    return kept_scene(portal_db, cameras=2)


@pytest.fixture(scope="package")
def kept_relay(
    django_db_setup: Clone, uploads_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Relay, valkey.Valkey]]:
    """Keep a relay for the tests of this package: importing the portal takes seconds.

    It ends with the package, since it notes that it is alive on the server that the tests of other packages read.
    It is the third of its relays: tests of this package read whether the first or the second is alive.
    """
    folder = tmp_path_factory.mktemp("relay")
    addresses = [f"http://localhost:{free_port()}"] * 3
    with (
        running_valkey(folder) as queue,
        running_relay(environment(django_db_setup, queue, uploads_root), folder, addresses=addresses, number=2) as one,
    ):
        yield one, queue


@pytest.fixture
def relay(kept_relay: tuple[Relay, valkey.Valkey], seen: Scene) -> Iterator[Relay]:
    """Offer it."""
    with offered(*kept_relay):
        yield kept_relay[0]
