"""The reference client as a real process against a real web server."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import Core
from integration.cores.services import cores, credentials
from integration.reference.calls import Calls, NotLetIn, NotNow
from integration.reference.client import Client
from integration.reference.device import Memory
from tests.database.clone import Clone
from tests.factories import person
from tests.integration.cores.devices import Device, allocated
from tests.integration.reference.core_process import cameras_of
from tests.peers.web import CHECKOUT, WebServer

SECONDS = 30.0


class Process:
    """A running client, and what it has said."""

    def __init__(self, url: str, device: Device, folder: Path) -> None:
        self.state = folder / "core.json"
        self.log = folder / "core.log"
        command = [sys.executable, "manage.py", "run_core", "--server", url, "--serial", device.core.serial]
        command += ["--code", device.code, "--state", str(self.state), "--camera", "front=testsrc"]
        command += ["--camera", "yard=/no/such/file", "--health-every", "1"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--settings", "fusus_portal.settings.test"], cwd=CHECKOUT, stdout=output, stderr=output
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)


def until(is_so: Callable[[], bool], what: Callable[[], str]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, what()
        time.sleep(0.1)


@pytest.fixture
def device(portal_db: Clone) -> Device:
    """Return a CORE that waits for its code."""
    return allocated()


@pytest.fixture
def running(web_server: WebServer, device: Device, tmp_path: Path) -> Iterator[Process]:
    """Run the client."""
    process = Process(web_server.url, device, tmp_path)
    yield process
    process.process.kill()
    process.process.wait(timeout=10)


def test_it_activates_reports_and_goes_on_after_the_network_was_gone(
    running: Process, device: Device, web_server: WebServer
) -> None:
    until(lambda: "polled" in running.said() and "reported" in running.said(), running.said)
    device.core.refresh_from_db()
    assert device.core.state == "active"
    assert device.core.channels == {"front": "running", "yard": "lost"}
    assert running.state.stat().st_mode & 0o777 == 0o600
    assert json.loads(running.state.read_text(encoding="utf-8"))["token"].startswith("core_")
    running.stop()
    before = running.said().count("polled")
    again = Process(web_server.url, device, running.state.parent)
    try:
        until(lambda: again.said().count("polled") > before, again.said)
        assert again.said().count("activated") == 1
    finally:
        assert again.stop() == 0


def client_of(url: str, device: Device, folder: Path) -> tuple[Client, list[str]]:
    said: list[str] = []
    calls = Calls(url, Memory.load(folder / "own.json", serial=device.core.serial))
    return Client(calls, cameras_of({"front": "testsrc"}, folder), tell=said.append), said


class TestWhatHappensToIt:
    def test_the_portal_goes_away_and_comes_back(self, web_server: WebServer, device: Device, tmp_path: Path) -> None:
        client, _said = client_of(web_server.url, device, tmp_path)
        client.activate(device.code)
        assert client.once() == 15
        assert client.calls.ahead == 0
        web_server.kill()
        # The port stays taken, so a call waits; here it is not waited for.
        away = Calls(f"http://127.0.0.1:{unused_port()}", client.calls.memory)
        with pytest.raises(NotNow):
            away.call("poll", {})
        web_server.start()
        assert client.once() == 15

    def test_its_clock_is_wrong(
        self, web_server: WebServer, device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client, _said = client_of(web_server.url, device, tmp_path)
        client.activate(device.code)
        real = time.time
        monkeypatch.setattr("integration.reference.calls.time.time", lambda: real() - 3_000)
        assert client.once() == 15
        assert 2_990 < client.calls.ahead < 3_010

    def test_its_token_is_revoked(self, web_server: WebServer, device: Device, tmp_path: Path) -> None:
        client, _said = client_of(web_server.url, device, tmp_path)
        client.activate(device.code)
        before = client.calls.memory.token
        credentials.revoke_tokens(core=device.core, by=person(Role.CLERK))
        assert client.once() == 15
        assert client.calls.memory.token != before

    def test_it_is_suspended(self, web_server: WebServer, device: Device, tmp_path: Path) -> None:
        client, _said = client_of(web_server.url, device, tmp_path)
        client.activate(device.code)
        cores.suspend(core=Core.objects.get(), by=person(Role.CLERK))
        with pytest.raises(NotLetIn):
            client.once()
        cores.resume(core=Core.objects.get(), by=person(Role.CLERK))
        assert client.once() == 15

    def test_it_says_what_the_portal_does_not_take(self, web_server: WebServer, device: Device, tmp_path: Path) -> None:
        client, _said = client_of(web_server.url, device, tmp_path)
        client.activate(device.code)
        with pytest.raises(NotNow, match="400: This field is missing"):
            client.calls.call("health", {})

    def test_its_code_is_wrong(self, web_server: WebServer, device: Device, tmp_path: Path) -> None:
        client, _said = client_of(web_server.url, device, tmp_path)
        with pytest.raises(NotLetIn):
            client.activate("00000-00000")


def test_it_waits_longer_after_each_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    calls = Calls(f"http://127.0.0.1:{unused_port()}", Memory.load(tmp_path / "s.json", serial="FC4-00001"))
    client = Client(calls, cameras_of({}, tmp_path), tell=said.append)
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 9:
            client.end()

    monkeypatch.setattr(client, "_sleep", sleep)
    client.run()
    assert 0.5 <= waited[0] <= 1
    assert 30 <= waited[-1] <= 60
    assert "ConnectionRefusedError" in said[0]


@pytest.mark.parametrize(
    ("server", "camera", "said"),
    [
        ("ftp://portal.example", "front=testsrc", "is no address"),
        ("https://", "front=testsrc", "is no address"),
        ("https://portal.example", "Front=testsrc", "is no camera"),
        ("https://portal.example", "front", "is no camera"),
        ("https://portal.example", "front=rtsp://viewer:word@192.0.2.7/", "write them into the file of --logins"),
        ("https://portal.example", "front=onvif://8.8.8.8", "no address of the local network"),
        ("", "front=testsrc", "are needed"),
    ],
)
def test_it_starts_with_no_wrong_option(server: str, camera: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("run_core", server=server, serial="FC4-00001", state=tmp_path / "s.json", camera=[camera])


def test_it_starts_with_no_logins_that_others_can_read(tmp_path: Path) -> None:
    logins = tmp_path / "logins.json"
    logins.write_text("{}", encoding="utf-8")
    logins.chmod(0o644)
    address = "https://portal.example"
    with pytest.raises(CommandError, match="others can read"):
        call_command("run_core", server=address, serial="FC4-00001", state=tmp_path / "s.json", logins=logins)


def test_the_memory_of_another_core_is_refused(tmp_path: Path) -> None:
    Memory.load(tmp_path / "s.json", serial="FC4-00001")
    with pytest.raises(ValueError, match="is the memory of FC4-00001"):
        Memory.load(tmp_path / "s.json", serial="FC4-00002")


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port
