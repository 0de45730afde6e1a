"""Cameras that may be seen, and a relay on this test's database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database.clone import Clone
from tests.integration.live.streaming import Scene, scene
from tests.peers.queue import running_valkey
from tests.peers.relay import Relay, running_relay
from tests.peers.web import environment


@pytest.fixture
def seen(portal_db: Clone) -> Scene:
    """Return two cameras that may be seen."""
    return scene(cameras=2)


@pytest.fixture
def relay(portal_db: Clone, seen: Scene, uploads_root: Path, tmp_path: Path) -> Iterator[Relay]:
    """Run a relay; it says nothing of an error."""
    with running_valkey(tmp_path) as queue, running_relay(environment(portal_db, queue, uploads_root), tmp_path) as one:
        yield one
        assert "Traceback" not in one.log.read_text(encoding="utf-8", errors="replace")
