"""A CORE that sends what costs most, as fast as it may: the views of other COREs keep their pace."""

import asyncio
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from integration.live.models import ViewGrant
from integration.live.services import views as live_views
from integration.live.video.fragments import MOST_BOXES
from tests.integration.cores.devices import core_model
from tests.integration.live.streaming import Scene, scene, stream_of
from tests.integration.live.video import test_fragments
from tests.integration.relay.watching import token_of
from tests.peers.cameras_at_work import RATE, Viewer, frames_of, run
from tests.peers.relay import Relay

SECONDS, BEGIN = 16.0, 4.0
"""How long the attack goes on; seconds until everybody must see something."""

LONGEST = 1.0
"""Seconds without a frame: issue 34's bar."""

CORES, CAMERAS = 3, 3
"""Other COREs, and how many cameras of each are seen: nine views."""

HOSTILE_CAMERAS = 16
ELSEWHERE = "127.0.0.66"
"""Address from which the hostile CORE calls: another network than that of the others."""

FREE = struct.pack(">I4s", 8, b"free")
PIECE = 64 * 1024

pytestmark = pytest.mark.long

Body = Callable[[], Iterator[bytes]]


def only_boxes() -> Iterator[bytes]:
    """Yield twelve megabytes of boxes without content: a third of what was sent in the attack of issue 34."""
    piece = chunk(FREE * (PIECE // len(FREE)))
    for _piece in range(12 * 1024 * 1024 // PIECE):
        yield piece


def boxes_before_each_frame() -> Iterator[bytes]:
    """Yield small pictures, sixty a second, each behind as many boxes as may be there."""
    began = time.monotonic()
    for number, part in enumerate(frames_of(small())):
        time.sleep(max(0.0, began + number / 60 - time.monotonic()))
        yield chunk(FREE * (MOST_BOXES - 3) + part if number else part)


def all_at_once() -> Iterator[bytes]:
    """Yield small pictures as fast as the line takes them."""
    yield chunk(small())


def bytes_in_chunks_of_one() -> Iterator[bytes]:
    """Yield a body whose chunks have a byte each."""
    wire = chunks_of_one()
    for at in range(0, len(wire), PIECE):
        yield wire[at : at + PIECE]


@cache
def small() -> bytes:
    return test_fragments.sent(size="64x48", rate=30, seconds=40)


@cache
def chunks_of_one() -> bytes:
    return b"".join(chunk(small()[at : at + 1]) for at in range(300_000))


def chunk(part: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(part), part)


@pytest.mark.parametrize("body", [only_boxes, boxes_before_each_frame, all_at_once, bytes_in_chunks_of_one])
def test_nine_views_of_other_cores_keep_their_pace(relay: Relay, body: Body) -> None:
    hostile = scene(cameras=HOSTILE_CAMERAS, model=core_model(cameras=HOSTILE_CAMERAS))
    views = [hostile.begin(camera) for camera in hostile.cameras]
    viewers = [Viewer(views_of(scene(cameras=CAMERAS, model=core_model(cameras=CAMERAS)))) for _core in range(CORES)]
    video = test_fragments.sent(size="320x180", rate=RATE, seconds=int(SECONDS) + 10)
    chunks_of_one()
    began = time.monotonic()
    with attacked(relay, views, body) as attack:
        asyncio.run(run(relay, viewers, video, seconds=SECONDS))
    for view in views:
        live_views.end(grant=view, by=hostile.deputy)  # what waits on its lines would be read for a minute
    after, until = began + BEGIN, began + SECONDS
    worst = max(gap for viewer in viewers for gap in viewer.gaps(after=after, until=until))
    assert attack.sent > 100_000
    assert worst < LONGEST


def views_of(seen: Scene) -> list[ViewGrant]:
    return [seen.begin(camera) for camera in seen.cameras]


@dataclass
class Attack:
    """An attack on a relay: the body that is sent, and how many bytes of it were."""

    relay: Relay
    body: Body
    sent: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def send_on(self, stream: UUID, token: str) -> None:
        """Send bodies until it is over, at the rate at which a device may begin one."""
        while not self.over.is_set():
            began = time.monotonic()
            with suppress(OSError):
                self.send(stream, token)
            self.over.wait(max(0.0, began + 1 - time.monotonic()))

    def send(self, stream: UUID, token: str) -> None:
        """Send one body as far as it is taken."""
        port = urlsplit(self.relay.devices).port or 0
        head = f"PUT /core/v1/streams/{stream}/live.mp4 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
        with socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(ELSEWHERE, 0)) as line:
            line.sendall(f"{head}Authorization: Bearer {token}\r\n\r\n".encode())
            for part in self.body():
                if self.over.is_set() or has_answer(line):
                    return
                line.sendall(part)
                self.sent += len(part)


@contextmanager
def attacked(relay: Relay, views: list[ViewGrant], body: Body) -> Iterator[Attack]:
    """Send bodies again and again, three lines at once for the first camera and one for each other one."""
    attack = Attack(relay, body)
    targets = [(stream_of(view).pk, token_of(view)) for view in [views[0], views[0], *views]]
    threads = [threading.Thread(target=attack.send_on, args=target) for target in targets]
    for thread in threads:
        thread.start()
    try:
        yield attack
    finally:
        attack.over.set()
        for thread in threads:
            thread.join(timeout=20)


def has_answer(line: socket.socket) -> bool:
    """Return whether the relay has said something, or has closed the line."""
    return bool(select.select([line], [], [], 0)[0])
