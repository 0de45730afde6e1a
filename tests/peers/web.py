"""The portal as people meet it: gunicorn and a worker on the test's own database, in processes that can be killed."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import redis
from django.conf import settings

from fusus_portal.demo.servers import valkey
from tests.database.clone import Clone
from tests.peers.queue import handed_to, running_valkey

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS_TO_ANSWER = 30.0
POLL_SECONDS = 0.05
SERVING = "python:fusus_portal.ground.serving.gunicorn"


class WebServer:
    """One gunicorn on a port of its own. The port stays taken while it is down, so that nobody else gets it.

    python, application: of another project, beside which the portal is measured. workers, threads: of pages, in each.
    """

    def __init__(
        self,
        environment: dict[str, str],
        log: Path,
        *,
        python: str = sys.executable,
        application: str = "",
        workers: int = 2,
        threads: int = 8,
    ) -> None:
        self.log = log
        served = [application] if application else ["--config", SERVING, "fusus_portal.wsgi"]
        counts = ["--workers", str(workers), "--threads", str(threads)]
        self._command = [python, "-m", "gunicorn", *served, *counts]
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=2048)  # as gunicorn's own
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self._environment = {**os.environ, **environment, "SITE_URL": self.url}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        bind = f"fd://{self._socket.fileno()}"
        command = [*self._command, "--bind", bind]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*command, "--preload", "--timeout", "0", "--log-level", "warning"],
                cwd=CHECKOUT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[self._socket.fileno()],
                start_new_session=True,
            )
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self.log.read_text(encoding="utf-8", errors="replace")[-2000:])
            time.sleep(POLL_SECONDS)

    def is_running(self) -> bool:
        """Return whether it was started and still lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of the process that started the others, 0 while it does not run."""
        return self._process.pid if self._process else 0

    def send(self, number: signal.Signals) -> None:
        """Send a signal to every process of it."""
        if self._process is not None:
            os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """End every process of it at once (SIGKILL): nothing is tidied up."""
        if self._process is None:
            return
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=10)
        self._process = None

    def close(self) -> None:
        """Kill it and give the port back."""
        self.kill()
        self._socket.close()

    def memory(self) -> int:
        """Return the resident memory of all its processes in bytes, shared pages counted for each."""
        total, process = 0, self._process
        if process is None:
            return 0
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(process.pid)
            for one in [parent, *parent.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    total += one.memory_info().rss
        return total

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_ANSWER)
        try:
            connection.request("GET", "/health/live")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True


def environment(database: Clone, queue: valkey.Valkey, files: Path) -> dict[str, str]:
    """Return what tells a process which portal it belongs to."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.peers.portal_settings",
        "DATABASE_URL": database.address("portal_app"),
        "REDIS_URL": queue.url,
        "LIVE_REDIS_URL": settings.LIVE_REDIS_URL,
        "PORTAL_FILES": str(files),
    }


@contextmanager
def kept(
    database: Clone, files: Path, folder: Path, variables: Mapping[str, str]
) -> Iterator[tuple[WebServer, valkey.Valkey]]:
    """Offer a gunicorn for more than one test, not yet started, and its queue: importing the portal takes seconds."""
    with running_valkey(folder) as queue:
        server = WebServer({**environment(database, queue, files), **variables}, folder / "web.log")
        try:
            yield server, queue
        finally:
            server.close()


@contextmanager
def awake(server: WebServer, queue: valkey.Valkey) -> Iterator[None]:
    """Start it, or let it go on. Afterwards it is halted, since the database is replaced, and its queue is empty."""
    if server.is_running():
        server.send(signal.SIGCONT)
    else:
        server.start()
    with handed_to(queue):
        yield
    if server.is_running():
        server.send(signal.SIGSTOP)
    with redis.Redis.from_url(queue.url) as client:
        client.flushall()


@pytest.fixture(scope="session")
def kept_server(
    django_db_setup: Clone, uploads_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[WebServer, valkey.Valkey]]:
    """Keep the gunicorn of this process."""
    with kept(django_db_setup, uploads_root, tmp_path_factory.mktemp("web"), {}) as offered:
        yield offered


@pytest.fixture
def web_server(portal_db: Clone, kept_server: tuple[WebServer, valkey.Valkey]) -> Iterator[WebServer]:
    """Run a gunicorn that the test may kill, without a worker: files wait for their check."""
    with awake(*kept_server):
        yield kept_server[0]
