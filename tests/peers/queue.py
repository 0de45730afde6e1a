"""A Valkey of one test's own: emptying the shared cache means emptying all, and must not empty a queue."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app

from fusus_portal.demo import valkey
from fusus_portal.demo.places import Place
from fusus_portal.notifications import publishing
from fusus_portal.settings.tasks import broker_address


@pytest.fixture
def own_valkey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[valkey.Valkey]:
    """Run a Valkey that keeps nothing, and let acts hand their messages and files to it."""
    sockets = Path(tempfile.mkdtemp(prefix="fusus-portal-queue-"))
    server = valkey.valkey(Place(base=tmp_path, postgres_sockets=sockets, valkey_sockets=sockets), kept=False)
    valkey.start(server)
    monkeypatch.setattr(current_app.conf, "broker_url", broker_address(server.url))
    publishing.broker.forget()
    yield server
    publishing.broker.forget()
    valkey.stop(server)
    shutil.rmtree(sockets)
