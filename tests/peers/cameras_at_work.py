"""Many cameras and many viewers of one relay, in one loop of the test's own: what a load is made of."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

import aiohttp

from integration.live import passes
from integration.live.models import ViewGrant
from integration.relay.wire import HEADER, Kind
from tests.integration.live.streaming import stream_of
from tests.integration.relay.watching import shown
from tests.peers.relay import Relay

RATE = 15
"""Frames a second of each camera."""


@dataclass
class Viewer:
    """One page, and when each frame of each view came."""

    views: Sequence[ViewGrant]
    came: dict[int, list[float]] = field(default_factory=dict)

    async def watch(self, session: aiohttp.ClientSession, url: str, until: float) -> None:
        """Read frames until a moment."""
        body = json.dumps({"pass": shown(self.views[0]), "views": [str(view.pk) for view in self.views]})
        async with session.post(f"{url}/watch", data=body) as answer:
            assert answer.status == 200, answer.status
            while time.monotonic() < until:
                kind, view, length = HEADER.unpack(await answer.content.readexactly(HEADER.size))
                await answer.content.readexactly(length)
                if kind == Kind.FRAME:
                    self.came.setdefault(view, []).append(time.monotonic())
                assert kind != Kind.REFUSED

    def gaps(self, *, after: float, until: float) -> list[float]:
        """Return the seconds between two frames of each view, and those to the end: a view that stopped has one too."""
        found = []
        for number in range(len(self.views)):
            late = [at for at in self.came.get(number, []) if at > after]
            found += [later - at for at, later in pairwise([after, *late, until])]
        return found


async def run(relay: Relay, viewers: Sequence[Viewer], body: bytes, *, seconds: float) -> None:
    """Let the cameras of all views send, and all viewers watch."""
    until = time.monotonic() + seconds
    wanted = {stream_of(view).pk for viewer in viewers for view in viewer.views}
    line, patience = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=line, timeout=patience) as session:
        sending = [asyncio.create_task(send(session, relay.devices, stream, body)) for stream in wanted]
        await asyncio.gather(*(viewer.watch(session, relay.url, until) for viewer in viewers))
        for task in sending:
            if task.done():
                task.result()
            task.cancel()


async def send(session: aiohttp.ClientSession, url: str, stream: UUID, body: bytes) -> None:
    """Send a stream as a camera does, a frame when it is due."""

    async def paced() -> AsyncIterator[bytes]:
        began = time.monotonic()
        for number, part in enumerate(frames_of(body)):
            await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
            yield part

    headers = {"Authorization": f"Bearer {passes.stream_token(stream)}"}
    async with session.put(f"{url}/core/v1/streams/{stream}/live.mp4", data=paced(), headers=headers) as answer:
        assert answer.status == 204, await answer.text()


def frames_of(body: bytes) -> Iterator[bytes]:
    """Yield what stands before the first frame with it, then frame after frame."""
    begun = 0
    at = body.index(b"moof") - 4
    while (after := body.find(b"moof", at + 8) - 4) > 0:
        yield body[begun:after]
        begun = at = after
