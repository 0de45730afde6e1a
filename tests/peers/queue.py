"""A Valkey of one test's own: emptying the shared cache means emptying all, and must not empty a queue."""

import json
import shutil
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from redis import Redis

from fusus_portal.demo.servers import valkey
from fusus_portal.demo.servers.places import Place
from fusus_portal.ground.notifications import publishing
from fusus_portal.ground.queues import FIRST, LATER, list_of
from fusus_portal.settings.tasks import broker_address


def handed_over(task: str) -> list[str]:
    """Return the ids that acts handed to the workers of one task, newest first."""
    with Redis.from_url(settings.REDIS_URL) as server:
        messages = [json.loads(each) for name in lists() for each in server.lrange(name, 0, -1)]
    bodies = [json.loads(b64decode(each["body"])) for each in messages if each["headers"]["task"] == task]
    return [args[0] for args, _named, _chained in bodies]


def lists() -> list[str]:
    """Return the names of the lists of all queues, as kombu calls those of its priorities."""
    return [list_of(queue, priority) for queue in settings.QUEUES for priority in (FIRST, LATER)]


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[valkey.Valkey]:
    """Run a Valkey that keeps nothing, and let acts hand their messages and files to it."""
    with running_valkey(tmp_path) as server, handed_to(server):
        yield server


@contextmanager
def running_valkey(base: Path) -> Iterator[valkey.Valkey]:
    """Run a Valkey that keeps nothing."""
    sockets = Path(tempfile.mkdtemp(prefix="fusus-portal-queue-"))
    server = valkey.valkey(Place(base=base, postgres_sockets=sockets, valkey_sockets=sockets), kept=False)
    valkey.start(server)
    try:
        yield server
    finally:
        valkey.stop(server)
        shutil.rmtree(sockets)


@contextmanager
def handed_to(server: valkey.Valkey) -> Iterator[None]:
    """Let acts of this process hand their messages and files to a Valkey."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(current_app.conf, "broker_url", broker_address(server.url))
        patched.setattr(publishing.broker, "_quiet_until", 0.0)
        patched.setattr(publishing.broker, "_connection", None)
        yield
