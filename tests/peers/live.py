"""A Valkey of live video of one test's own, whose settings it may change and whose memory it may fill."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from fusus_portal.demo.servers import valkey
from fusus_portal.demo.servers.places import Place


@pytest.fixture
def own_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[valkey.Valkey]:
    """Run one, and let this process and those that it starts use it."""
    sockets = Path(tempfile.mkdtemp(prefix="fusus-portal-live-"))
    server = valkey.live(Place(base=tmp_path, postgres_sockets=sockets, valkey_sockets=sockets))
    valkey.start(server)
    monkeypatch.setattr(settings, "LIVE_REDIS_URL", server.url)
    try:
        yield server
    finally:
        valkey.stop(server)
        shutil.rmtree(sockets)
