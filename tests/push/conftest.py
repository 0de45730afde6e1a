"""A browser maker's server for each test."""

from collections.abc import Iterator

import pytest

from tests.peers.push import PushPeer
from tests.push.devices import maker


@pytest.fixture
def peer() -> Iterator[PushPeer]:
    """Return a browser maker's server that the portal takes for one of the list."""
    with maker() as running:
        yield running
