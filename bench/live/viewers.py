"""Viewers of live video, beside viewers of a bare server."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from uuid import UUID

from django.conf import settings

from bench.page import Found, Limit, Section, Table
from bench.peers.bare import pages
from bench.portal import fresh, serving, serving_bare
from bench.processor import web_seconds
from bench.requests import send
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.roles import Role
from integration.live import passes
from integration.live.models import LiveStream
from integration.reference.uploads import LISTED
from registry.incidents.services import incidents
from tests.factories import person
from tests.integration.cores.devices import core_model
from tests.integration.live.streaming import PIECES, Scene, made, playlist, scene, stream_of
from tests.peers.web import WebServer
from tests.people import sign_in

CAMERAS, VIEWERS, SECONDS = 10, 30, 30
BARE_VIEWERS, PAGES = 15, 3
BEGIN = 10
"""Seconds until everybody must have seen a first piece."""

BEHIND = 1.5
"""Seconds that a player keeps between itself and the newest piece (assets/js/live/playing.js)."""

BITS = "2M"
EACH, IN_TIME = f"processor time of a piece, of {PAGES} bare pages", "pieces in time, of those of a bare server"
SECTION = Section(
    "Viewers of live video",
    f"""{VIEWERS} viewers of {CAMERAS} cameras for {SECONDS} seconds, 2 Mbit/s from each camera, gunicorn with 2
    processes; each viewer fetches the playlist once a second and each new piece, as the player does. A piece is late
    when the player would have stalled. Beside them {BARE_VIEWERS} viewers fetch {PAGES} bare pages and as many bytes a
    second from bare Django, under as many processes. Processor time is that of the web processes, all that COREs send
    included.""",
    {
        EACH: Limit(
            """For each piece a CORE puts a piece and a playlist, and a viewer fetches both, each by the gate, a session
            and a person: that took as much as three bare pages when the limit was set, and half as much again breaks
            it.""",
            most=1.5,
        ),
        IN_TIME: Limit(
            """A viewer should run out of pictures no more often than of a server that takes as much of the processor; a
            busy machine spreads what is left unevenly.""",
            least=0.85,
        ),
    },
)


def main(server: Postgres) -> Found:
    """Let all watch, beside viewers of a bare server."""
    video = list(made("-c:v", "libx264", "-b:v", BITS, "-minrate", BITS, "-maxrate", BITS, "-bufsize", BITS))
    size = sum(map(len, video)) // len(video)
    with fresh(server) as portal:
        seen = scene(cameras=CAMERAS, model=core_model(cameras=CAMERAS))
        with serving(portal) as web, serving_bare(portal) as beside:
            viewers = [Viewer(web.port, *view_of(seen, number)) for number in range(VIEWERS)]
            bare = [BareViewer(beside.port, size) for _ in range(BARE_VIEWERS)]
            wanted = {stream_of(grant).pk for grant in seen.incident.view_grants.select_related("stream")}
            sent = list(LiveStream.objects.filter(pk__in=wanted))
            before = web_seconds(web.pid), web_seconds(beside.pid)
            run(web, sent, [*viewers, *bare], video)
            took = web_seconds(web.pid) - before[0], web_seconds(beside.pid) - before[1]
    rows = [watched("the portal", viewers, took[0]), watched("a bare server", bare, took[1])]
    (*_, own_in_time, own_each), (*_, bare_in_time, bare_each) = rows
    return Found(
        [Table(["from", "viewers", "pieces", "late", "in time", "ms of processor, a piece"], rows)],
        {EACH: own_each / bare_each, IN_TIME: own_in_time / bare_in_time},
    )


def view_of(seen: Scene, number: int) -> tuple[str, UUID]:
    """Let another deputy begin to see a camera; return the key of the sign-in and the view."""
    deputy = person(Role.DEPUTY)
    incidents.assign(incident=seen.incident, user=deputy, by=seen.supervisor)
    key = str(sign_in(deputy).session.session_key)
    return key, seen.begin(seen.cameras[number % CAMERAS], by=deputy, session=key).pk


def watched(
    source: str, viewers: Sequence["Viewer | BareViewer"], took: float
) -> tuple[str, int, int, int, float, float]:
    """Return the line of viewers in the table. took: seconds of processor of what served them."""
    pieces, late = sum(viewer.pieces for viewer in viewers), sum(viewer.stalls for viewer in viewers)
    in_time = (pieces - late) / (len(viewers) * (SECONDS - BEGIN))
    return source, len(viewers), pieces, late, min(1.0, in_time), took * 1000 / max(1, pieces)


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


@dataclass
class BareViewer:
    """One that fetches bare pages and as many bytes as a piece has, each second."""

    port: int
    size: int
    stalls: int = 0
    pieces: int = 0

    def watch(self, until: float) -> None:
        """Fetch a piece a second, with what serving one of the portal's takes."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        for _ in seconds(until):
            began = time.monotonic()
            for path in [pages.ADDRESS] * PAGES + [f"/piece/{self.size}"]:
                line.request("GET", path)
                answer = line.getresponse()
                answer.read()
                assert answer.status == 200, answer.status
            self.pieces += 1
            self.stalls += time.monotonic() - began > BEHIND
        line.close()


def run(web: WebServer, sent: list[LiveStream], viewers: Sequence[Viewer | BareViewer], video: list[bytes]) -> None:
    """Let every CORE send and every viewer watch."""
    until = time.monotonic() + SECONDS
    threads = [threading.Thread(target=send_video, args=(web.port, stream, video, until)) for stream in sent]
    threads += [threading.Thread(target=viewer.watch, args=(until,)) for viewer in viewers]
    for thread in threads:
        thread.start()
        time.sleep(1 / len(threads))
    for thread in threads:
        thread.join()


def send_video(port: int, stream: LiveStream, video: list[bytes], until: float) -> None:
    """Send a piece and the playlist each second, as ffmpeg does."""
    headers = {"Authorization": f"Bearer {passes.stream_token(stream.pk)}"}
    for number in seconds(until):
        for name, body in ((f"{number}.ts", video[number % PIECES]), ("live.m3u8", listing(number))):
            status, *_ = send(port, "PUT", f"/core/v1/streams/{stream.pk}/{name}", body=body, headers=headers)
            assert status == 204


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
