"""Video from COREs: `PUT /core/v1/streams/ID/live.mp4`, one long body, which the stream's token alone allows.

All devices share an event loop, so each stream and CORE has a budget. It outlives a body: sending anew adds none.
"""

import asyncio
import time
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Final
from uuid import UUID

from aiohttp import web
from django.db import DatabaseError

from audit.log.actors import acting_from
from fusus_portal.ground.access.limits import CannotCount, TooManyAtOnce, TooManyRequests
from fusus_portal.ground.lifecycle import Refused, Stale
from integration import rules
from integration.cores import signatures
from integration.device_api.callers import count_call, count_stranger, token_in
from integration.live.services import streams
from integration.live.services.streams import Over
from integration.live.video.connection import LiveUnavailable
from integration.live.video.fragments import Fragments, Frame, FrameTooLarge, Init
from integration.live.video.hls import NotVideo
from integration.live.video.store import LiveFull
from integration.relay.handover import Handed, Outlet
from integration.relay.listeners import READ_BYTES, network_of, problem, source_of, time_of
from integration.relay.streams import GROUP_FRAMES
from integration.relay.threads import Threads

FRAMES_A_SECOND: Final = 60
BYTES_A_SECOND: Final = 4 * 1024 * 1024
"""Bytes a second of a quick camera. At first a whole group of its pictures may come."""

BODIES: Final = 10
"""Bodies that a stream may begin at once; each second allows one more."""

CAMERAS: Final = 8
"""A CORE may send as much as this many quick cameras, which is as much as sixteen usual ones."""

OTHERS: Final = 4
"""A CORE has a fifth of the loop's time: after using some, all its lines wait this many times as long."""

KEPT_SECONDS: Final = 60.0
"""Seconds for which an unused budget is kept: longer than a body may pause, and than a budget takes to refill."""


class Bucket:
    """A budget that refills by `rate` each second, up to `most`."""

    def __init__(self, rate: float, most: float) -> None:
        self._rate, self._most = rate, most
        self._left, self._at = most, time.monotonic()

    def take(self, amount: float) -> bool:
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < amount:
            return False
        self._left -= amount
        return True


class Budget:
    def __init__(self, cameras: int = 1) -> None:
        self.used_at = self._free_at = time.monotonic()
        self._frames = Bucket(cameras * FRAMES_A_SECOND, cameras * GROUP_FRAMES)
        self._bytes = Bucket(cameras * BYTES_A_SECOND, cameras * rules.STREAM_BYTES)
        self._bodies = Bucket(cameras, cameras * BODIES)

    def begin(self) -> None:
        if not self._bodies.take(1):
            raise TooManyAtOnce

    def spend(self, *, frames: int = 0, amount: int = 0) -> None:
        self.used_at = time.monotonic()
        if not (self._frames.take(frames) and self._bytes.take(amount)):
            raise FrameTooLarge(f"A camera sends at most {FRAMES_A_SECOND} frames and {BYTES_A_SECOND} bytes a second.")

    async def turn(self) -> None:
        while (wait := self._free_at - time.monotonic()) > 0:  # noqa: ASYNC110  (another line may have it meanwhile)
            await asyncio.sleep(wait)

    def took(self, seconds: float) -> None:
        self._free_at = max(self._free_at, time.monotonic()) + OTHERS * seconds


class Budgets:
    def __init__(self, cameras: int = 1) -> None:
        self._cameras = cameras
        self._kept: dict[UUID, Budget] = {}

    def of(self, pk: UUID) -> Budget:
        late = time.monotonic() - KEPT_SECONDS
        self._kept = {each: budget for each, budget in self._kept.items() if budget.used_at > late}
        return self._kept.setdefault(pk, Budget(self._cameras))


class TakenOver(Exception):
    """Another body of the same stream began, so the portal takes no more of this one."""


class Intake:
    """One body while it is received. newest: the latest body of each stream."""

    def __init__(self, outlet: Outlet, newest: "dict[UUID, Intake]", stream: UUID) -> None:
        self._outlet = outlet
        self._newest = newest
        self._stream = stream
        self._skips = False
        self.taken_over = asyncio.Event()
        if before := newest.get(stream):
            before.taken_over.set()
        newest[stream] = self
        outlet.put(Handed.BEGIN, stream)

    def must_be_newest(self) -> None:
        if self.taken_over.is_set():
            raise TakenOver

    def take(self, found: Init | Frame) -> None:
        """Hand on settings or a frame. While too much waits, leave frames out up to a key frame. Raises LiveFull."""
        has_room = self._outlet.has_room(self._stream, len(found.box))
        if isinstance(found, Init):
            if not has_room:
                raise LiveFull
            self._outlet.put_init(self._stream, found)
            return
        self._skips = not has_room or (self._skips and not found.is_key)
        if not self._skips:
            self._outlet.put(Handed.KEY if found.is_key else Handed.FRAME, self._stream, found.box)

    def end(self) -> None:
        if not self.taken_over.is_set():
            del self._newest[self._stream]
            self._outlet.put(Handed.END, self._stream)


READ_TWICE: Final = 2
"""Reading a body here takes up to as long again as `time_of` counted, so that time counts this many times."""


ANSWERS: Final[dict[tuple[type[Exception], ...], tuple[HTTPStatus, str, str, int]]] = {
    (NotVideo,): (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-video", "", 0),
    (FrameTooLarge,): (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "", 0),
    (TakenOver,): (HTTPStatus.CONFLICT, "taken-over", "Another line sends this stream now. Stop this one.", 0),
    (Over,): (HTTPStatus.GONE, "over", "Nobody sees this stream any more. Send again when an order says so.", 0),
    (Stale,): (HTTPStatus.CONFLICT, "not-active", "This CORE is not active.", 0),
    (TimeoutError, ConnectionError): (HTTPStatus.REQUEST_TIMEOUT, "interrupted", "The line broke. Send again.", 0),
    (Refused,): (HTTPStatus.UNAUTHORIZED, "not-known", "", 0),
    (TooManyAtOnce,): (HTTPStatus.TOO_MANY_REQUESTS, "too-often", "Too many lines at once. Send again.", 1),
    (TooManyRequests,): (HTTPStatus.TOO_MANY_REQUESTS, "too-often", "Too many calls in a minute. Come back later.", 60),
    (CannotCount,): (HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "The portal can't count right now.", 60),
    (DatabaseError, LiveUnavailable, LiveFull): (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "The portal can't tell right now whether this may be seen. Send again later.",
        2,
    ),
}
"""Answer to each kind of failure: status, code, sentence, and seconds for which the device stays away."""


class Receiver:
    """Receives video of COREs. questions: threads that check the streams let in. threads: for everything else."""

    def __init__(self, questions: Threads, threads: Threads, outlet: Outlet) -> None:
        self._questions = questions
        self._threads = threads
        self._outlet = outlet
        self._newest: dict[UUID, Intake] = {}
        self._of_streams, self._of_cores = Budgets(), Budgets(cameras=CAMERAS)

    async def put(self, request: web.Request) -> web.Response:
        """Receive the video of a stream until the body ends, or nobody may see the stream any more."""
        try:
            pk = UUID(request.match_info["stream"])
        except ValueError:
            return problem(HTTPStatus.NOT_FOUND, "no-such-call", "There is no such stream.")
        token = token_in(request.headers.get("Authorization", ""))
        check = partial(streams.check_token, stream=pk, digest=signatures.token_digest(token))
        try:
            core = await self._threads.run(partial(_admitted, pk, token, network_of(request), check))
            self._of_streams.of(pk).begin()
            return await self._take(request, pk, self._of_cores.of(core), check)
        except Exception as wrong:
            return await self._answer(request, wrong)

    async def _take(self, request: web.Request, pk: UUID, core: Budget, check: "partial[None]") -> web.Response:
        intake = Intake(self._outlet, self._newest, pk)
        guard = asyncio.create_task(self._guard(intake, check))
        reading = asyncio.create_task(_read(request, intake, self._of_streams.of(pk), core))
        try:
            await asyncio.wait({guard, reading}, return_when=asyncio.FIRST_COMPLETED)
            for task in (reading, guard):
                if task.done():
                    task.result()
        finally:
            guard.cancel()
            reading.cancel()
            intake.end()
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def _guard(self, intake: Intake, check: "partial[None]") -> None:
        """Check again and again that the body may be sent. Raises the reason if it may not, or if that is unknown."""
        known_at = time.monotonic()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(rules.VIEWERS_CHECKED_EVERY_SECONDS):
                    await intake.taken_over.wait()
            intake.must_be_newest()
            try:
                await self._questions.run(check)
                known_at = time.monotonic()
            except (DatabaseError, LiveUnavailable):
                if time.monotonic() - known_at > rules.UNCHECKED_SECONDS:
                    raise

    async def _answer(self, request: web.Request, wrong: Exception) -> web.Response:
        if isinstance(wrong, Refused):
            wrong = await self._counted(request, wrong)
        for kinds, (status, code, sentence, wait) in ANSWERS.items():
            if isinstance(wrong, kinds):
                return problem(status, code, sentence or str(wrong), wait=wait)
        raise wrong

    async def _counted(self, request: web.Request, refused: Refused) -> Exception:

        def count() -> None:
            with acting_from(source_of(request)):
                count_stranger(network_of(request))

        try:
            await self._threads.run(count)
        except (TooManyRequests, CannotCount, DatabaseError) as uncounted:
            return uncounted
        return refused


def _admitted(pk: UUID, token: str, network: str, check: "partial[None]") -> UUID:
    count_call(token, network)
    check()
    return streams.core_of(stream=pk)


async def _read(request: web.Request, intake: Intake, stream: Budget, core: Budget) -> None:
    """Hand a body on as it comes, a little in each turn of the loop. Raises errors of `ANSWERS`."""
    fragments = Fragments()
    while not request.content.at_eof():
        await core.turn()
        async with asyncio.timeout(rules.BODY_STALLED_AFTER_SECONDS):
            part = await request.content.read(READ_BYTES)
        intake.must_be_newest()
        began = time.thread_time()
        try:
            for budget in (stream, core):
                budget.spend(amount=len(part))
            for found in fragments.feed(part):
                for budget in (stream, core):
                    budget.spend(frames=isinstance(found, Frame))
                intake.take(found)
        finally:
            core.took(time.thread_time() - began + READ_TWICE * time_of(request))
        await asyncio.sleep(0)
