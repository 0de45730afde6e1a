"""The whole portal, started once for all tests of this process that only use it, and halted between them.

Importing the portal takes seconds, in each of its processes. Halted (SIGSTOP) they ask nothing of the database while it
is replaced; afterwards their pools find the old connections ended and open new ones.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from fusus_portal.demo.servers import valkey
from tests.database.clone import Clone
from tests.peers.payments import PaymentPeer
from tests.peers.queue import handed_to, lists, running_valkey
from tests.peers.web import WebServer, environment
from tests.peers.worker import Worker

SECONDS_TO_REST = 10.0
POLL_SECONDS = 0.02
NEEDED = b"_kombu.binding."
"""Key that a running worker wrote into Valkey when it started: where its queue is."""


@dataclass(frozen=True)
class Portal:
    """The running portal. url: without a slash at its end. mail: the folder where messages arrive as `.eml` files."""

    url: str
    mail: Path
    queue: valkey.Valkey
    server: WebServer
    worker: Worker

    def send(self, number: signal.Signals) -> None:
        """Send a signal to every process but the queue."""
        self.server.send(number)
        self.worker.send(number)

    def is_running(self) -> bool:
        """Return whether web and worker live; a test may have killed one."""
        return self.server.is_running() and self.worker.is_running()

    def rests(self) -> bool:
        """Wait until the worker has nothing to do; return whether it came to that."""
        deadline = time.monotonic() + SECONDS_TO_REST
        with redis.Redis.from_url(self.queue.url) as client:
            while client.exists(*lists(), "unacked"):
                if time.monotonic() > deadline:
                    return False
                time.sleep(POLL_SECONDS)
        return True

    def forget(self) -> None:
        """Empty queue and cache."""
        with redis.Redis.from_url(self.queue.url) as client:
            if keys := [key for key in client.scan_iter() if not key.startswith(NEEDED)]:
                client.delete(*keys)


class Halted:
    """The portal between two tests, if one was started."""

    def __init__(self, database: Clone, files: Path, logs: Path, peer: PaymentPeer) -> None:
        self.database, self.files, self.logs, self.peer = database, files, logs, peer
        self._portal: Portal | None = None
        self._running = ExitStack()

    def wake(self) -> Portal:
        """Let the portal go on, or start it."""
        if self._portal is None:
            self._portal = self._start()
        else:
            self._portal.send(signal.SIGCONT)
        return self._portal

    def halt(self) -> None:
        """Let the portal finish what it does, stop its processes, empty queue and cache; end a process that can't."""
        if self._portal is not None and self._portal.is_running() and self._portal.rests():
            self._portal.send(signal.SIGSTOP)
            self._portal.forget()
        else:
            self.end()

    def end(self) -> None:
        """End all processes."""
        self._portal = None
        self._running.close()

    def _start(self) -> Portal:
        queue = self._running.enter_context(running_valkey(self.logs))
        variables = {**environment(self.database, queue, self.files), **self.peer.environment}
        server = WebServer(variables, self.logs / "web.log")
        self._running.callback(server.close)
        server.start()
        # Without beat: woken up, it would take up at once what a test is in the middle of.
        worker = Worker({**variables, "SITE_URL": server.url}, self.logs / "worker.log", beat=False)
        self._running.callback(worker.kill)
        return Portal(server.url, self.files / "mail", queue, server, worker)


@pytest.fixture(scope="session")
def halted(
    django_db_setup: Clone,
    uploads_root: Path,
    tmp_path_factory: pytest.TempPathFactory,
    running_payment_peer: PaymentPeer,
) -> Iterator[Halted]:
    """Keep the portal of this process."""
    kept = Halted(django_db_setup, uploads_root, tmp_path_factory.mktemp("portal"), running_payment_peer)
    yield kept
    kept.end()


@pytest.fixture
def web(portal_db: Clone, halted: Halted) -> Iterator[Portal]:
    """Run the whole portal on the test's database. Needs no other fixture; people and rows made before are there."""
    portal = halted.wake()
    with handed_to(portal.queue):
        yield portal
    halted.halt()
