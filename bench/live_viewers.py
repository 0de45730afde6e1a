"""30 viewers of 10 cameras: each fetches playlist and pieces as the player does, and none runs out of pictures."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.conf import settings

from bench.portal import fresh, serving
from bench.processor import web_seconds
from bench.timing import table
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.roles import Role
from integration.live.models import LiveStream
from integration.live.services import streams
from integration.reference.video import LISTED
from registry.incidents.services import incidents
from tests.factories import person
from tests.integration.cores.devices import core_model
from tests.integration.live.streaming import PIECES, made, playlist, scene, stream_of
from tests.peers.web import WebServer
from tests.people import sign_in

CAMERAS, VIEWERS, SECONDS = 10, 30, 60
BEHIND = 1.5
"""Seconds that a player keeps between itself and the newest piece (assets/js/live/playing.js)."""

BITS = "2M"


def main(server: Postgres) -> bool:
    """Return whether no viewer stalls."""
    video = list(made("-c:v", "libx264", "-b:v", BITS, "-minrate", BITS, "-maxrate", BITS, "-bufsize", BITS))
    with fresh(server) as portal, TemporaryDirectory() as folder:
        seen = scene(cameras=CAMERAS, model=core_model(cameras=CAMERAS))
        with serving(portal, Path(folder)) as web:
            viewers = []
            for number in range(VIEWERS):
                deputy = person(Role.DEPUTY)
                incidents.assign(incident=seen.incident, user=deputy, by=seen.supervisor)
                key = str(sign_in(deputy).session.session_key)
                grant = seen.begin(seen.cameras[number % CAMERAS], by=deputy, session=key)
                viewers.append(Viewer(web.port, key, grant.pk))
            wanted = {stream_of(grant).pk for grant in seen.incident.view_grants.select_related("stream")}
            before = web_seconds(web.pid)
            run(web, list(LiveStream.objects.filter(pk__in=wanted)), viewers, video)
            share = (web_seconds(web.pid) - before) / SECONDS
    stalls = sum(viewer.stalls for viewer in viewers)
    rows = [(VIEWERS, CAMERAS, SECONDS, sum(viewer.pieces for viewer in viewers), stalls, f"{share:.0%}")]
    size = sum(map(len, video)) / len(video) / 1024
    headings = ["viewers", "cameras", "seconds", "pieces seen", "stalls", "of a core, web processes"]
    table(f"Viewers of live video, pieces of {size:.0f} KB a second, gunicorn with 2 processes", headings, rows)
    return stalls == 0 and all(viewer.pieces > SECONDS - 10 for viewer in viewers)


@dataclass
class Viewer:
    """One player. stalls: how often the next picture was not there when it was due."""

    port: int
    session: str
    grant: UUID
    stalls: int = 0
    pieces: int = 0
    due: float = 0.0
    newest: int = 0
    line: HTTPConnection = field(init=False)

    def watch(self, until: float) -> None:
        """Fetch the playlist once a second, and every new piece."""
        self.line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        while time.monotonic() < until:
            began = time.monotonic()
            for number in self.new_ones():
                self.fetch(number)
            time.sleep(max(0.0, (1.0 if self.pieces else 0.5) - (time.monotonic() - began)))

    def new_ones(self) -> list[int]:
        status, body = self.get("playlist.m3u8")
        if status != 200:
            return []
        numbers = [int(line[:-3]) for line in body.decode().split() if line.endswith(".ts")]
        return [number for number in numbers if number > self.newest] if self.newest else numbers[-2:]

    def fetch(self, number: int) -> None:
        status, _body = self.get(f"{number}.ts")
        now = time.monotonic()
        if not self.pieces:
            self.due = now + BEHIND
        elif status != 200 or number != self.newest + 1 or now > self.due:
            self.stalls += 1
            self.due = now + BEHIND
        self.due += 1.0
        self.pieces += 1
        self.newest = number

    def get(self, name: str) -> tuple[int, bytes]:
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}", "X-Background": "1"}
        try:
            self.line.request("GET", f"/console/live/{self.grant}/{name}", headers=headers)
            answer = self.line.getresponse()
            return answer.status, answer.read()
        except OSError:
            self.line.close()
            return 0, b""


def run(web: WebServer, sent: list[LiveStream], viewers: list[Viewer], video: list[bytes]) -> None:
    """Let every CORE send and every viewer watch, for a minute."""
    until = time.monotonic() + SECONDS
    threads = [threading.Thread(target=send, args=(web.port, stream, video, until)) for stream in sent]
    threads += [threading.Thread(target=viewer.watch, args=(until,)) for viewer in viewers]
    for thread in threads:
        thread.start()
        time.sleep(1 / len(threads))
    for thread in threads:
        thread.join()


def send(port: int, stream: LiveStream, video: list[bytes], until: float) -> None:
    """Send a piece and the playlist each second, as ffmpeg does."""
    headers = {"Authorization": f"Bearer {streams.token_of(stream.pk)}"}
    for number in seconds(until):
        for name, body in ((f"{number}.ts", video[number % PIECES]), ("live.m3u8", listing(number))):
            line = HTTPConnection("127.0.0.1", port, timeout=10)
            line.request("PUT", f"/core/v1/streams/{stream.pk}/{name}", body=body, headers=headers)
            assert line.getresponse().status == 204
            line.close()


def listing(newest: int) -> bytes:
    """Return the playlist of the last pieces, as many as the reference client lists."""
    first = max(1, newest - LISTED + 1)
    return playlist(first, newest - first + 1)


def seconds(until: float) -> Iterator[int]:
    """Count from one, once a second."""
    began, number = time.monotonic(), 0
    while time.monotonic() < until:
        number += 1
        yield number
        time.sleep(max(0.0, began + number - time.monotonic()))
