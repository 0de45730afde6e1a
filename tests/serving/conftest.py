"""A portal with two threads for pages, one connection of the database, and little patience."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database.clone import Clone
from tests.peers.queue import running_valkey
from tests.peers.web import WebServer, environment

THREADS = 2
CAP = 30
IMPATIENT = {
    "DATABASE_POOL": "1",
    "WEB_CONNECTIONS": str(CAP),
    "WEB_HEAD_SECONDS": "2",
    "WEB_FORM_SECONDS": "2",
    "WEB_FILE_SECONDS": "3",
    "WEB_VIDEO_SECONDS": "2",
    "WEB_ANSWER_SECONDS": "2",
}


@pytest.fixture(scope="package")
def running(
    django_db_setup: Clone, uploads_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WebServer]:
    """Run it for the tests of this package: importing the portal takes seconds."""
    folder = tmp_path_factory.mktemp("serving")
    with running_valkey(folder) as queue:
        variables = {**environment(django_db_setup, queue, uploads_root), **IMPATIENT}
        server = WebServer(variables, folder / "web.log", workers=1, threads=THREADS)
        try:
            server.start()
            yield server
        finally:
            server.close()


@pytest.fixture
def port(running: WebServer, portal_db: Clone) -> Iterator[int]:
    """Return where it listens. It sees what the test writes, and is halted while the database is replaced."""
    running.send(signal.SIGCONT)
    yield running.port
    running.send(signal.SIGSTOP)
