"""200 slow connections from ten addresses, and forty people who send files at 1 Mbit/s: nobody notices.

Without a proxy, and with the one of docs/nginx.conf.
"""

import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import pytest
from django.urls import reverse

from fusus_portal.demo.servers import valkey
from integration.live import passes
from integration.live.models import ViewGrant
from registry.canvasses.links import link_actor
from registry.footage import storage
from registry.footage.models import Upload
from registry.footage.services import uploads
from registry.footage.states import UploadState
from registry.footage.views.uploads import address_of
from tests.database.clone import Clone
from tests.factories import request_at
from tests.integration.cores.devices import business_at
from tests.integration.live.streaming import Scene, pieces, playlist, scene, stream_of
from tests.long.slow_lines import FILE_BYTES, LINES, content_of
from tests.peers.nginx import anybody, proxy
from tests.peers.web import CHECKOUT, WebServer, environment
from tests.people import sign_in
from tests.serving.lines import SECRET

pytestmark = pytest.mark.long

SENDERS = 40
WARM_SECONDS = 12.0
"""So long the lines are held before anything is measured: the first of them are ended and opened again."""

WORST = 1.0
"""Seconds that an answer may take, on a machine that does nothing else."""

ROUND_SECONDS = 1.0
"""A CORE sends no piece more often; beyond its rate it would be refused."""

A_NAP = 0.02
MOST_AWAY = 0.3
"""Share of the slow lines that may be between two attempts."""


@dataclass
class Probe:
    """Requests that need an answer at once, and the seconds that each took, the connection included."""

    port: int
    tls: bool
    taken: dict[str, list[float]] = field(default_factory=dict)

    def ask(
        self,
        name: str,
        method: str,
        path: str,
        *,
        status: int,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
    ) -> None:
        begun = time.monotonic()
        line = self._line()
        line.request(method, path, body=body or None, headers=headers or {})
        answer = line.getresponse()
        answer.read()
        line.close()
        assert answer.status == status, (name, answer.status)
        self.taken.setdefault(name, []).append(time.monotonic() - begun)

    def said(self) -> str:
        rows = []
        for name, taken in self.taken.items():
            median, worst = statistics.median(taken) * 1000, max(taken) * 1000
            rows.append(f"{name:9} median {median:4.0f} ms, worst {worst:4.0f} ms of {len(taken)}")
        return "\n".join(rows)

    def _line(self) -> http.client.HTTPConnection:
        if not self.tls:
            return http.client.HTTPConnection("localhost", self.port, timeout=30)
        return http.client.HTTPSConnection("localhost", self.port, timeout=30, context=anybody())


@dataclass
class Machine:
    """The longest wait for a processor, in any process here: seconds by which a nap of this process ended late."""

    late: float = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Measure the wait during a block."""
        ended = threading.Event()
        watching = threading.Thread(target=self._nap, args=(ended,))
        watching.start()
        try:
            yield
        finally:
            ended.set()
            watching.join()

    def _nap(self, ended: threading.Event) -> None:
        while not ended.is_set():
            begun = time.monotonic()
            time.sleep(A_NAP)
            self.late = max(self.late, time.monotonic() - begun - A_NAP)


@dataclass
class Watched:
    """A deputy who sees a camera, its CORE, and another business that pauses and resumes."""

    seen: Scene
    grant: ViewGrant
    deputy: str
    owner: str
    number: int = 0

    def round(self, probe: Probe) -> None:
        """Ask for all that may not wait, as it happens within a second."""
        self.number += 1
        stream = stream_of(self.grant)
        token = {"Authorization": f"Bearer {passes.stream_token(stream.pk)}"}
        for name, body in ((f"{self.number}.ts", pieces()[self.number % 8]), ("live.m3u8", playlist(self.number, 1))):
            path = reverse("core_stream", args=[stream.pk, name])
            probe.ask("put", "PUT", path, body=body, status=HTTPStatus.NO_CONTENT, headers=token)
        deputy = {"Cookie": f"sessionid={self.deputy}"}
        for name, more in (("live_playlist", []), ("live_segment", [self.number])):
            probe.ask(
                "live view", "GET", reverse(name, args=[self.grant.pk, *more]), status=HTTPStatus.OK, headers=deputy
            )
        probe.ask("health", "GET", reverse("health_ready"), status=HTTPStatus.OK)
        form = {"Cookie": f"sessionid={self.owner}; csrftoken={SECRET}"}
        form |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": "https://localhost/"}
        body = f"csrfmiddlewaretoken={SECRET}".encode()
        for act in ("pause", "resume"):
            path = reverse(f"sharing_{act}")
            probe.ask(act, "POST", path, body=body, status=HTTPStatus.FOUND, headers=form)


def watched() -> Watched:
    seen = scene()
    grant = seen.begin()
    owner = sign_in(business_at().user)
    return Watched(seen, grant, str(seen.browser.session.session_key), str(owner.session.session_key))


@pytest.fixture(params=["without a proxy", "behind nginx"])
def served(
    request: pytest.FixtureRequest, portal_db: Clone, own_valkey: valkey.Valkey, uploads_root: Path, tmp_path: Path
) -> Iterator[Probe]:
    """Run the portal as docs/operations.md says, and yield where people reach it."""
    behind = request.param == "behind nginx"
    variables = {**environment(portal_db, own_valkey, uploads_root), "TRUSTED_PROXY_COUNT": str(int(behind))}
    server = WebServer(variables, tmp_path / "web.log")
    with ExitStack() as stack:
        stack.callback(server.close)
        server.start()
        port = stack.enter_context(proxy(server.port, tmp_path / "nginx")) if behind else server.port
        yield Probe(port, behind)
        assert "Internal Server Error" not in server.log.read_text(encoding="utf-8")


@contextmanager
def running(act: str, probe: Probe, output: Path, *more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `slow_lines` and let it write to a file."""
    command = [sys.executable, "-m", "tests.long.slow_lines", act, str(probe.port), "tls" if probe.tls else "plain"]
    with output.open("wb") as file:
        process = subprocess.Popen([*command, *more], cwd=CHECKOUT, stdout=file)
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=20)


def files_begun() -> list[Upload]:
    """Return a file of each sender, of a request of their own."""
    asked = [request_at("sent") for _number in range(SENDERS)]
    size, kind = FILE_BYTES, "video/mp4"
    return [uploads.create(request=a, name="door.mp4", size=size, content_type=kind, by=link_actor(a)) for a in asked]


def test_what_is_urgent_is_answered_and_files_arrive(served: Probe, tmp_path: Path) -> None:
    view, files = watched(), files_begun()
    addresses = tmp_path / "addresses.json"
    addresses.write_text(json.dumps([address_of(upload) for upload in files]), encoding="utf-8")
    view.round(Probe(served.port, served.tls))  # the first of each kind in a process takes longer
    machine = Machine()
    with running("hold", served, tmp_path / "held"), machine.watched():
        time.sleep(WARM_SECONDS)
        with running("send", served, tmp_path / "sent", str(addresses)) as sending:
            while sending.poll() is None:
                begun = time.monotonic()
                view.round(served)
                time.sleep(max(0, ROUND_SECONDS - (time.monotonic() - begun)))
    sys.stdout.write(f"{served.said()}\nthe machine was late by {machine.late * 1000:.0f} ms\n")
    held = [int(row) for row in (tmp_path / "held").read_text(encoding="utf-8").split()]
    assert statistics.median(held[int(WARM_SECONDS) :]) >= LINES * (1 - MOST_AWAY), held
    assert (tmp_path / "sent").read_text(encoding="utf-8").splitlines() == ["HTTP/1.1 204 No Content"] * SENDERS
    for upload in files:
        upload.refresh_from_db()
        assert upload.state == UploadState.READY
        assert storage.arriving(upload.pk).read_bytes() == content_of(address_of(upload))
    assert max(max(taken) for taken in served.taken.values()) < WORST + machine.late, served.said()
