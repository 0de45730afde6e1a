"""A web server that is full, reads its code again, or stops: people who are being served are served to the end."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path

import psutil
import pytest

from tests.database.clone import Clone
from tests.peers.queue import running_valkey
from tests.peers.web import WebServer, environment
from tests.serving.lines import FORM, PATIENCE, answered, get, held, is_closed, opened

ROOM = 40
BODY = b"login=somebody%40example.org&password=x"
HALF = FORM + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY[:10]


@pytest.fixture(scope="module")
def kept(django_db_setup: Clone, uploads_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """Keep a web server with room for few connections, which these tests ask for nothing of the database."""
    folder = tmp_path_factory.mktemp("stopping")
    with running_valkey(folder) as queue:
        variables = environment(django_db_setup, queue, uploads_root)
        variables["GUNICORN_CMD_ARGS"] = f"--worker-connections {ROOM}"
        made = WebServer(variables, folder / "web.log", workers=1, threads=2)
        try:
            yield made
        finally:
            made.close()


@pytest.fixture
def server(kept: WebServer) -> WebServer:
    """Run the web server, if it was stopped or does not run yet."""
    if not kept.is_running():
        kept.start()
    return kept


def test_a_full_server_ends_connections_of_the_network_that_has_most(server: WebServer) -> None:
    with ExitStack() as stack:
        few = stack.enter_context(opened(server.port, source="127.0.0.3"))
        few.sendall(HALF)
        for _number in range(2 * ROOM):
            stack.enter_context(opened(server.port, source="127.0.0.2"))
        assert get(server.port, "/health/live", source="127.0.0.4").status == HTTPStatus.OK
        few.sendall(BODY[10:])
        assert answered(few).status == HTTPStatus.FORBIDDEN


def test_it_reads_its_code_again_and_serves_on(server: WebServer) -> None:
    [before] = psutil.Process(server.pid).children()
    with held(server.port, HALF, 1) as [line]:
        assert get(server.port, "/health/live").status == HTTPStatus.OK
        psutil.Process(server.pid).send_signal(signal.SIGHUP)
        deadline = time.monotonic() + PATIENCE
        while [each.pid for each in psutil.Process(server.pid).children() if each.pid != before.pid] == []:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        line.sendall(BODY[10:])
        assert answered(line).status == HTTPStatus.FORBIDDEN
    assert get(server.port, "/health/live").status == HTTPStatus.OK
    before.wait(PATIENCE)


def until_refused(port: int) -> bool:
    """Wait until the server takes no new connection: it is stopping."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with opened(port) as line:
                line.settimeout(0.5)
                line.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                answered(line)
        except OSError:
            return True
    return False


def test_it_listens_where_it_is_told_and_nowhere_else(server: WebServer) -> None:
    """Gunicorn's own would open a socket in the home of its account, by which it can be steered."""
    assert [line.laddr for line in psutil.Process(server.pid).net_connections("unix") if line.laddr] == []


def test_a_form_that_is_on_its_way_is_served_before_it_stops(server: WebServer) -> None:
    with held(server.port, HALF, 1) as [line], opened(server.port) as idle:
        assert get(server.port, "/health/live").status == HTTPStatus.OK
        psutil.Process(server.pid).send_signal(signal.SIGTERM)
        assert until_refused(server.port)
        line.sendall(BODY[10:])
        assert answered(line).status == HTTPStatus.FORBIDDEN
        assert is_closed(line)
        assert is_closed(idle)
    assert psutil.Process(server.pid).wait(PATIENCE) == 0
