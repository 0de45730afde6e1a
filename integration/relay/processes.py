"""The two processes of a relay, which end together (docs/decisions/integration/relay-processes.md)."""

import asyncio
import ctypes
import logging
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from socket import socket, socketpair
from typing import Any, Final

from aiohttp import web

from integration.live.video import connection, relays
from integration.relay import long_poll, memory
from integration.relay.gatekeeper import Gatekeeper
from integration.relay.handover import Inlet, NoMessage, Outlet
from integration.relay.listeners import SECONDS_TO_END, serve
from integration.relay.receiver import Receiver
from integration.relay.streams import Streams
from integration.relay.threads import Threads
from integration.relay.viewers import LARGEST, Viewers

logger = logging.getLogger(__name__)

QUESTION_THREADS: Final = 2
"""Threads for the gate, the sign that this relay lives, and the check of each body: none waits for strangers."""


def pages_app(number: int, line: socket, over: asyncio.Event) -> web.Application:
    """Return the application that serves pages. number: of this relay. over: set when `line` breaks, or to stop."""
    questions, threads, streams = Threads(QUESTION_THREADS), Threads(), Streams()
    gatekeeper, inlet = Gatekeeper(questions, threads, streams), Inlet(line, streams)

    async def beside(_app: web.Application) -> AsyncIterator[None]:
        live = _live(questions, number, inlet)
        with _running(gatekeeper.run(), gatekeeper.tell(), live, _until_broken(inlet.run(), over)):
            yield
        with suppress(connection.LiveUnavailable):
            relays.leave(number)
        questions.close()
        threads.close()

    app = web.Application(client_max_size=LARGEST)
    app.router.add_post("/watch", Viewers(threads, gatekeeper).watch)
    app.router.add_get("/health/live", _alive)
    app.cleanup_ctx.append(beside)
    return app


def devices_app(line: socket, over: asyncio.Event) -> web.Application:
    """Return the application for COREs: their video, and their calls for orders. line, over: as in `pages_app`."""
    questions, threads, outlet = Threads(QUESTION_THREADS), Threads(), Outlet(line)

    async def beside(_app: web.Application) -> AsyncIterator[None]:
        with _running(_until_broken(outlet.run(), over)):
            yield
        questions.close()
        threads.close()

    app = web.Application()
    receiver = Receiver(questions, threads, outlet)
    app.router.add_put("/core/v1/streams/{stream}/live.mp4", receiver.put)
    app.router.add_post("/core/v1/streams/{stream}/live.mp4", receiver.put)
    long_poll.add_to(app)
    app.cleanup_ctx.append(beside)
    return app


@contextmanager
def _running(*work: Coroutine[Any, Any, None]) -> Iterator[None]:
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


async def _until_broken(work: Coroutine[Any, Any, None], over: asyncio.Event) -> None:
    """Run one end of the handover; set `over` if the other process is gone, since neither continues alone."""
    try:
        await work
    except (EOFError, OSError, NoMessage) as broken:
        if not over.is_set():
            logger.error("The line to the other process of this relay broke: %s", type(broken).__name__)
    finally:
        over.set()


async def _alive(_request: web.Request) -> web.Response:
    """Answer 200 as long as this process answers. Nobody learns the number of viewers from it."""
    return web.json_response({"status": "ok"})


async def _live(threads: Threads, number: int, inlet: Inlet) -> None:
    while True:
        if not inlet.is_silent:
            with suppress(connection.LiveUnavailable):
                await threads.run(lambda: relays.note(number))
        await asyncio.sleep(relays.NOTED_EVERY.total_seconds())


PR_SET_PDEATHSIG: Final = 1


class Ended(Exception):
    """The receiving process ended, although nobody stopped it."""


def run(number: int, *, pages: socket, devices: socket) -> None:
    """Run both processes until told to stop. pages, devices: sockets that listen. Raises Unsafe, Ended."""
    memory.guard()
    inlet, outlet = socketpair()
    arguments = (outlet, devices, os.getpid(), [inlet, pages])
    receiving = multiprocessing.get_context("fork").Process(target=_receive, args=arguments, daemon=True)
    receiving.start()
    outlet.close()
    devices.close()
    asyncio.run(_serve(number, inlet, pages, receiving))
    if receiving.exitcode:
        raise Ended
    receiving.terminate()
    receiving.join(2 * SECONDS_TO_END)
    receiving.kill()  # if it hangs, this process could not end


async def _serve(number: int, inlet: socket, pages: socket, receiving: BaseProcess) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_reader(receiving.sentinel, over.set)
    await serve(pages_app(number, inlet, over), pages, over)


def _receive(outlet: socket, devices: socket, parent: int, others: list[socket]) -> None:
    """Run the receiving process. It is killed when its parent ends, in any way; its memory reaches no disk."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        return
    for each in others:
        each.close()
    memory.guard()
    asyncio.run(_answer_devices(outlet, devices))


async def _answer_devices(outlet: socket, devices: socket) -> None:
    over = asyncio.Event()
    await serve(devices_app(outlet, over), devices, over)
