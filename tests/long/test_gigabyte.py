"""One gigabyte: cut off at half, resumed by two clients that are not ours, played, and never held in memory."""

import hashlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from registry.canvasses.links import token_for
from registry.canvasses.models import FootageRequest
from registry.footage.models import Evidence
from tests.database.clone import Clone
from tests.factories import request_at
from tests.peers.portal import Portal
from tests.peers.web import WebServer
from tests.people import sign_in
from tests.registry.footage.footage import video
from tests.registry.footage.uploads.tus_client import arrived, received

pytestmark = pytest.mark.long

GIGABYTE = 10**9
PIECE = 2**20
MORE_THAN_IDLE = 150 * 10**6
SECONDS = 300.0
POLL_SECONDS = 0.02
HERE = Path(__file__).parent
CLIENTS = {
    "tuspy": [sys.executable, str(HERE / "send_with_tuspy.py")],
    "tus-js-client": ["node", str(HERE / "send_with_tus_js.mjs")],
}
REASON = "Look for the grey van that neighbors saw leave the alley"


@dataclass(frozen=True)
class Recording:
    """A video of one gigabyte on the owner's disk."""

    path: Path
    sha256: str


@dataclass
class Memory:
    """The most that the web processes took, in bytes beyond what they took when idle."""

    most: int = 0


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recording]:
    """A real video with random bytes behind it, so that no two pieces are alike."""
    path, digest, left = tmp_path_factory.mktemp("gigabyte") / "Front door.mp4", hashlib.sha256(), GIGABYTE
    with path.open("wb") as file:
        for piece in first_then_random(video(3)):
            part = piece[:left]
            file.write(part)
            digest.update(part)
            left -= len(part)
            if not left:
                break
    yield Recording(path, digest.hexdigest())
    path.unlink()


@pytest.fixture
def asked(portal_db: Clone) -> FootageRequest:
    """A request that waits for an answer."""
    return request_at("sent")


def first_then_random(first: bytes) -> Iterator[bytes]:
    """Return these bytes and then random ones without end."""
    yield first
    while True:
        yield os.urandom(PIECE)


@contextmanager
def watched(server: WebServer) -> Iterator[Memory]:
    """Watch the memory of the web processes during the block."""
    idle, memory, over = server.memory(), Memory(), threading.Event()

    def watch() -> None:
        while not over.wait(POLL_SECONDS):
            memory.most = max(memory.most, server.memory() - idle)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield memory
    finally:
        over.set()
        thread.join()


def start(
    client: str, portal: Portal, asked: FootageRequest, recording: Recording, note: Path
) -> subprocess.Popen[bytes]:
    """Start a client that sends the file."""
    arguments = [f"{portal.url}/uploads/", token_for(asked), str(recording.path), str(note)]
    return subprocess.Popen([*CLIENTS[client], *arguments], start_new_session=True)


def wait_for_half(sending: subprocess.Popen[bytes], note: Path) -> str:
    """Wait until half of the file has arrived, and return its address."""
    deadline = time.monotonic() + SECONDS
    while not note.exists() or arrived(note.read_text(encoding="utf-8")) < GIGABYTE // 2:
        assert sending.poll() is None
        assert time.monotonic() < deadline
        time.sleep(POLL_SECONDS)
    return note.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", [(client, victim) for client in CLIENTS for victim in ("client", "web")], ids=" ".join)
def test_a_gigabyte_killed_at_half_arrives(
    web: Portal, asked: FootageRequest, recording: Recording, tmp_path: Path, case: tuple[str, str]
) -> None:
    client, victim = case
    note = tmp_path / "address"
    with watched(web.server) as memory:
        sending = start(client, web, asked, recording, note=note)
        address = wait_for_half(sending, note)
        if victim == "client":
            os.killpg(sending.pid, signal.SIGKILL)
            sending.wait()
            offset = arrived(address)
            assert GIGABYTE // 2 <= offset < GIGABYTE
            sending = start(client, web, asked, recording, note=note)
        else:
            web.server.kill()
            web.server.start()
            assert GIGABYTE // 2 <= arrived(address) < GIGABYTE
        assert sending.wait(timeout=SECONDS) == 0
        told = received(address)
    assert (told["state"], told["size"], told["sha256"]) == ("received", GIGABYTE, recording.sha256)
    assert memory.most < MORE_THAN_IDLE
    print(f"{client}, {victim} killed: {memory.most / 10**6:.0f} MB more than idle")  # noqa: T201


def test_a_gigabyte_is_played_from_any_place_and_downloaded(
    web: Portal, asked: FootageRequest, recording: Recording, tmp_path: Path
) -> None:
    sending = start("tuspy", web, asked, recording, note=tmp_path / "address")
    assert sending.wait(timeout=SECONDS) == 0
    assert received((tmp_path / "address").read_text(encoding="utf-8"))["state"] == "received"
    found = Evidence.objects.get()
    browser = sign_in(asked.incident.opened_by)
    line = http.client.HTTPConnection("127.0.0.1", urlsplit(web.url).port or 80, timeout=60)
    with watched(web.server) as memory, recording.path.open("rb") as original:
        look(browser, found, "view")
        for first in range(0, GIGABYTE, GIGABYTE // 97):
            answer = ask(line, browser, "evidence_stream", found, f"bytes={first}-")
            content = answer.read()
            original.seek(first)
            assert answer.status == 206
            assert answer.headers["Content-Range"].startswith(f"bytes {first}-")
            assert content == original.read(len(content))
        look(browser, found, "download")
        answer, digest = ask(line, browser, "evidence_download", found, ""), hashlib.sha256()
        while piece := answer.read(PIECE):
            digest.update(piece)
    line.close()
    assert digest.hexdigest() == recording.sha256
    assert memory.most < MORE_THAN_IDLE


def look(browser: Client, found: Evidence, act: str) -> None:
    """Say why, in the deputy's browser."""
    browser.post(reverse("evidence", args=[found.pk]), {"reason": REASON, "act": act})


def ask(
    line: http.client.HTTPConnection, browser: Client, name: str, found: Evidence, wanted: str
) -> http.client.HTTPResponse:
    """Ask for a part of the file, or with "" for all of it, as the deputy's browser does."""
    headers = {"Cookie": f"sessionid={browser.session.session_key}"}
    line.request("GET", reverse(name, args=[found.pk]), headers=headers | ({"Range": wanted} if wanted else {}))
    return line.getresponse()
