"""A relay as a web application: what it answers, and what runs beside that."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from aiohttp import web

from integration.live.video import relays
from integration.live.video.connection import LiveUnavailable
from integration.relay import long_poll
from integration.relay.gatekeeper import Gatekeeper
from integration.relay.receiver import Receiver
from integration.relay.streams import Streams
from integration.relay.threads import Threads
from integration.relay.viewers import LARGEST, Viewers

QUESTION_THREADS: Final = 2
"""For the gate, and for the sign that this relay lives: neither waits for what others do."""

LINGERS: Final = 0.5
"""Seconds for which a body is still read that was answered already: then its line is cut, and its device notices."""


def application(number: int) -> web.Application:
    """Return the relay of this number (LIVE_RELAYS)."""
    questions, threads, streams = Threads(QUESTION_THREADS), Threads(), Streams()
    gatekeeper = Gatekeeper(questions, threads, streams)
    receiver, viewers = Receiver(threads, streams), Viewers(threads, gatekeeper)

    async def beside(_app: web.Application) -> AsyncIterator[None]:
        running = (gatekeeper.run(), gatekeeper.tell(), _live(questions, number))
        tasks = [asyncio.create_task(each) for each in running]
        yield
        for task in tasks:
            task.cancel()
        with suppress(LiveUnavailable):
            relays.leave(number)
        questions.close()
        threads.close()

    app = web.Application(client_max_size=LARGEST, handler_args={"lingering_time": LINGERS})
    app.router.add_put("/core/v1/streams/{stream}/live.mp4", receiver.put)
    app.router.add_post("/core/v1/streams/{stream}/live.mp4", receiver.put)
    app.router.add_post("/watch", viewers.watch)
    app.router.add_get("/health/live", _alive)
    long_poll.add_to(app)
    app.cleanup_ctx.append(beside)
    return app


async def _alive(_request: web.Request) -> web.Response:
    """Answer 200 as long as this process answers. How many watch is nobody's to learn."""
    return web.json_response({"status": "ok"})


async def _live(threads: Threads, number: int) -> None:
    """Note again and again that this relay lives."""
    while True:
        with suppress(LiveUnavailable):
            await threads.run(lambda: relays.note(number))
        await asyncio.sleep(relays.NOTED_EVERY.total_seconds())
