"""The two processes of a relay: they end together, are guarded alike, and hold each network to its share."""

import http.client
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from django.conf import settings

from fusus_portal.demo.servers.valkey import Valkey
from fusus_portal.ground.serving.answers import TOO_MANY
from integration.live.video import relays
from integration.relay.wire import Kind
from tests.database.clone import Clone
from tests.integration.live.streaming import Scene
from tests.integration.relay.watching import device, page_of
from tests.peers.relay import Relay, line_to, running_relay, until
from tests.peers.web import environment

pytestmark = pytest.mark.long

SHARE, HEAD_SECONDS = 6, 2
OFFICE, ELSEWHERE = "127.0.0.40", "127.0.0.41"


@pytest.fixture
def told(portal_db: Clone, own_valkey: Valkey, uploads_root: Path) -> dict[str, str]:
    """Return the environment of a relay where little may be taken."""
    limits = {"WEB_CONNECTIONS": str(SHARE), "WEB_HEAD_SECONDS": str(HEAD_SECONDS)}
    return {**environment(portal_db, own_valkey, uploads_root), **limits}


@pytest.fixture
def own(told: dict[str, str], tmp_path: Path) -> Iterator[Relay]:
    """Run a relay of this test's own."""
    with running_relay(told, tmp_path) as one:
        yield one


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
@pytest.mark.parametrize("first", ["serving", "receiving"])
def test_they_end_together_and_leave_no_port_taken(own: Relay, seen: Scene, first: str, number: signal.Signals) -> None:
    grant = seen.begin()
    with device(own, grant):
        page_of(own, grant).waits_for(Kind.FRAME)
        serving, receiving = own.processes
        (serving if first == "serving" else receiving).send_signal(number)
        gone, _alive = psutil.wait_procs([serving, receiving], timeout=10)
    assert len(gone) == 2
    own.kill()
    own.start()
    with device(own, grant):
        page_of(own, grant).waits_for(Kind.FRAME)


def test_it_ends_well_when_it_is_stopped_and_not_after_a_fault(own: Relay) -> None:
    own.send(signal.SIGINT)
    assert own.code() == 0
    own.start()
    own.processes[1].kill()
    assert own.code() == 1
    assert "process that takes what devices send has ended" in own.log.read_text(encoding="utf-8")


def test_one_whose_receiving_process_hangs_is_alive_no_more_until_it_goes_on(own: Relay) -> None:
    settings.LIVE_RELAYS = [own.url]
    try:
        until(lambda: relays.living() == [own.url])
        _serving, receiving = own.processes
        receiving.suspend()
        until(lambda: not relays.living())
        receiving.resume()
        until(lambda: relays.living() == [own.url])
    finally:
        settings.LIVE_RELAYS = []


def test_neither_can_be_dumped_and_the_memory_of_both_is_locked(own: Relay) -> None:
    for process in own.processes:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        [locked] = [line.split()[1] for line in status.splitlines() if line.startswith("VmLck")]
        assert int(locked) > 0
        assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)


def doors(relay: Relay) -> list[int]:
    return [urlsplit(url).port or 0 for url in (relay.url, relay.devices)]


def test_a_slow_head_has_a_deadline(own: Relay) -> None:
    for port in doors(own):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            began = time.monotonic()
            line.sendall(b"GET /health/live HTTP/1.1\r\n")
            line.settimeout(0.3)
            while time.monotonic() - began < 20:
                try:
                    line.sendall(b"X-More: x\r\n")
                    if not line.recv(1000):
                        break
                except TimeoutError:
                    continue
                except ConnectionError:
                    break
            assert HEAD_SECONDS <= time.monotonic() - began < 15


def test_one_network_has_a_share_of_the_lines(own: Relay) -> None:
    for port in doors(own):
        with ExitStack() as held:
            lines = [held.enter_context(line_from(OFFICE, port)) for _line in range(SHARE + 1)]
            assert lines[-1].recv(1) == b""
            with line_from(ELSEWHERE, port) as other:
                other.sendall(b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert b" 404 " in other.recv(1000)


def line_from(source: str, port: int) -> socket.socket:
    """Return a line from one of the addresses of this machine."""
    return socket.create_connection(("127.0.0.1", port), timeout=1.5, source_address=(source, 0))


def test_behind_a_proxy_it_is_the_network_that_the_proxy_saw(told: dict[str, str], tmp_path: Path) -> None:
    with running_relay({**told, "TRUSTED_PROXY_COUNT": "1", "WEB_HEAD_SECONDS": "60"}, tmp_path) as relay:
        for url in (relay.url, relay.devices):
            with ExitStack() as held:
                for _line in range(SHARE):
                    assert ask(held, url, OFFICE).status == 404
                answer = ask(held, url, OFFICE)
                assert (answer.status, answer.headers["Connection"]) == (503, "close")
                assert TOO_MANY.english in answer.read().decode()
                assert ask(held, url, ELSEWHERE).status == 404


def ask(held: ExitStack, url: str, network: str) -> http.client.HTTPResponse:
    """Ask for something on a line of its own, which stays."""
    line = held.enter_context(closing(line_to(url)))
    line.request("GET", "/nothing", headers={"X-Forwarded-For": network})
    answer = line.getresponse()
    if answer.status == 404:
        answer.read()
    return answer
