"""Where a CORE sends a camera: `PUT /core/v1/streams/ID/live.mp4`, one long body, with the token of the stream.

The token is the whole right, as for the pieces of HLS: it opens this stream while somebody may see it.
"""

import asyncio
import time
from functools import partial
from http import HTTPStatus
from typing import Final
from uuid import UUID

from aiohttp import web
from django.db import DatabaseError

from audit.log.actors import acting_from
from fusus_portal.ground.access.limits import CannotCount, TooManyRequests
from fusus_portal.ground.lifecycle import Refused, Stale
from integration.cores.services import tokens
from integration.device_api.callers import count_call, count_stranger
from integration.live.services import ingest
from integration.live.services.ingest import Over
from integration.live.video.connection import LiveUnavailable
from integration.live.video.fragments import Fragments, FrameTooLarge
from integration.live.video.segments import NotVideo
from integration.live.video.store import LiveFull
from integration.relay.callers import network_of, problem, source_of, token_of
from integration.relay.streams import GROUP_FRAMES, Stream, Streams, TakenOver
from integration.relay.threads import Threads
from integration.rules import STREAM_BYTES

CHECKED_EVERY: Final = 0.5
"""Seconds after which it is asked again whether somebody sees the stream."""

FRAMES_A_SECOND: Final = 60
BYTES_A_SECOND: Final = 4 * 1024 * 1024

UNKNOWN_FOR: Final = 30.0
"""Seconds for which a body goes on while nobody can tell whether it may be sent."""

STALLED_AFTER: Final = 10.0
"""Seconds without a byte after which a body is given up."""


ANSWERS: Final[dict[tuple[type[Exception], ...], tuple[HTTPStatus, str, str, int]]] = {
    (NotVideo,): (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-video", "", 0),
    (FrameTooLarge,): (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "", 0),
    (TakenOver,): (HTTPStatus.CONFLICT, "taken-over", "Another line sends this stream now. Stop this one.", 0),
    (Over,): (HTTPStatus.GONE, "over", "Nobody sees this stream any more. Send again when an order says so.", 0),
    (Stale,): (HTTPStatus.CONFLICT, "not-active", "This CORE is not active.", 0),
    (TimeoutError, ConnectionError): (HTTPStatus.REQUEST_TIMEOUT, "interrupted", "The line broke. Send again.", 0),
    (Refused,): (HTTPStatus.UNAUTHORIZED, "not-known", "", 0),
    (TooManyRequests,): (HTTPStatus.TOO_MANY_REQUESTS, "too-often", "Too many calls in a minute. Come back later.", 60),
    (CannotCount,): (HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "The portal can't count right now.", 60),
    (DatabaseError, LiveUnavailable, LiveFull): (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "The portal can't tell right now whether this may be seen. Send again later.",
        2,
    ),
}
"""What each kind of failure is answered with: status, code, sentence, and seconds to stay away for."""


class Budget:
    """What one body may send: a quick camera's frames and bytes each second, and at first a whole group of pictures.

    All devices share one loop with the gate's answers, so that no camera may take it for itself.
    """

    def __init__(self) -> None:
        self._frames, self._bytes, self._at = float(GROUP_FRAMES), float(STREAM_BYTES), time.monotonic()

    def spend(self, frames: int, amount: int) -> None:
        """Count what came. Raises FrameTooLarge for too much of it."""
        now = time.monotonic()
        past, self._at = now - self._at, now
        self._frames = min(GROUP_FRAMES, self._frames + past * FRAMES_A_SECOND) - frames
        self._bytes = min(STREAM_BYTES, self._bytes + past * BYTES_A_SECOND) - amount
        if self._frames < 0 or self._bytes < 0:
            raise FrameTooLarge(f"A camera sends at most {FRAMES_A_SECOND} frames and {BYTES_A_SECOND} bytes a second.")


class Receiver:
    """Takes what COREs send."""

    def __init__(self, threads: Threads, streams: Streams) -> None:
        self._threads = threads
        self._streams = streams

    async def put(self, request: web.Request) -> web.Response:
        """Take the video of a stream until its body ends, or nobody may see it any more."""
        try:
            pk = UUID(request.match_info["stream"])
        except ValueError:
            return problem(HTTPStatus.NOT_FOUND, "no-such-call", "There is no such stream.")
        token = token_of(request)
        check = partial(ingest.check, stream=pk, digest=tokens.digest_of(token))
        try:
            await self._threads.run(partial(count_call, token, network_of(request)))
            await self._threads.run(check)
            with self._streams.held(pk) as stream:
                return await self._take(request, stream, check)
        except Exception as wrong:
            return await self._answer(request, wrong)

    async def _take(self, request: web.Request, stream: Stream, check: "partial[None]") -> web.Response:
        sending = stream.begin()
        guard = asyncio.create_task(self._guard(stream, sending, check))
        reading = asyncio.create_task(_read(request, stream, sending))
        try:
            await asyncio.wait({guard, reading}, return_when=asyncio.FIRST_COMPLETED)
            for task in (reading, guard):
                if task.done():
                    task.result()
        finally:
            guard.cancel()
            reading.cancel()
            stream.stop(sending)
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def _guard(self, stream: Stream, sending: int, check: "partial[None]") -> None:
        """Ask again and again whether this may be sent. Raises what says that it may not.

        While nobody can tell nobody sees it either, so for a while it goes on: its device need not begin again.
        """
        known_at = time.monotonic()
        while True:
            await asyncio.sleep(CHECKED_EVERY)
            stream.must_be(sending)
            try:
                await self._threads.run(check)
                known_at = time.monotonic()
            except (DatabaseError, LiveUnavailable):
                if time.monotonic() - known_at > UNKNOWN_FOR:
                    raise

    async def _answer(self, request: web.Request, wrong: Exception) -> web.Response:
        if isinstance(wrong, Refused):
            wrong = await self._counted(request, wrong)
        for kinds, (status, code, sentence, wait) in ANSWERS.items():
            if isinstance(wrong, kinds):
                return problem(status, code, sentence or str(wrong), wait=wait)
        raise wrong

    async def _counted(self, request: web.Request, refused: Refused) -> Exception:
        """Count whoever is not let in, and return what to answer."""

        def count() -> None:
            with acting_from(source_of(request)):
                count_stranger(network_of(request))

        try:
            await self._threads.run(count)
        except (TooManyRequests, CannotCount, DatabaseError) as uncounted:
            return uncounted
        return refused


async def _read(request: web.Request, stream: Stream, sending: int) -> None:
    """Hand the body on as it comes. Raises NotVideo, FrameTooLarge, TakenOver, TimeoutError and ConnectionError."""
    fragments, budget = Fragments(), Budget()
    while not request.content.at_eof():
        async with asyncio.timeout(STALLED_AFTER):
            part = await request.content.readany()
        found = fragments.feed(part)
        budget.spend(len(found), len(part))
        for each in found:
            stream.add(sending, each)
