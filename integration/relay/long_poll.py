"""A CORE's call for orders, held until they change. A waiting call holds no thread and no connection to the database.

The device API answers it (integration/device_api/views.py): once when the CORE calls, and again when this relay
hears that the CORE has new orders (integration/live/video/relays.py).
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from io import BytesIO
from math import inf
from typing import Final
from uuid import UUID

from aiohttp import web
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from fusus_portal.ground.access.middleware import answer_machine
from integration.device_api import views
from integration.device_api.parsers import LARGEST_BYTES
from integration.live.video import connection, relays
from integration.relay.threads import Threads
from integration.rules import ORDERS_CALL_WITHIN_SECONDS, ORDERS_HELD_SECONDS

View = Callable[[HttpRequest], HttpResponseBase]

THREADS: Final = 2
"""Threads for these calls alone, so that no picture waits for orders. Each asks the database for milliseconds."""

EARLIEST: Final = 0.8
"""Least share of the longest time that a call is held: calls that began together end apart."""

AGAIN_SECONDS: Final = 1.0
REMEMBERED_SECONDS: Final = 60.0
PASSED_ON: Final = ("Authorization", "Core-Signature", "X-Forwarded-For", "User-Agent")


class HeldCall:
    """A waiting call. is_idle: its CORE has no orders. is_over: it is answered now, with the last answer."""

    def __init__(self, *, is_idle: bool) -> None:
        self.is_idle = is_idle
        self.word = asyncio.Event()
        self.is_over = False

    def end(self) -> None:
        self.is_over = True
        self.word.set()


class HeldCalls:
    """Calls that wait at this relay, one of each CORE at most. is_open: the relay hears of new orders, and runs on."""

    def __init__(self) -> None:
        self.is_open = False
        self.waiting: dict[UUID, HeldCall] = {}
        self.threads = Threads(THREADS)
        self.announcing: asyncio.Task[None] | None = None
        self._woken: dict[UUID, float] = {}

    @contextmanager
    def hold(self, answer: views.Told, *, since: float) -> Iterator[HeldCall]:
        """Hold a call; an earlier call of the CORE ends. since: when its orders were asked for (time of the loop)."""
        core, held = answer.core, HeldCall(is_idle=answer.is_idle)
        if before := self.waiting.get(core):
            before.end()
        self.waiting[core] = held
        if not self.is_open:
            held.end()
        elif any(self._woken.get(each, -inf) >= since for each in (core, relays.ALL)):
            held.word.set()
        try:
            yield held
        finally:
            if self.waiting.get(core) is held:
                del self.waiting[core]

    def wake(self, core: UUID) -> None:
        """Ask again for a CORE's orders, even if they are being asked for just now."""
        now = asyncio.get_running_loop().time()
        self._woken = {each: at for each, at in self._woken.items() if now - at < REMEMBERED_SECONDS}
        self._woken[core] = now
        for each, held in self.waiting.items():
            if each == core or (core == relays.ALL and not held.is_idle):
                held.word.set()

    def close(self) -> None:
        self.is_open = False
        for held in list(self.waiting.values()):
            held.end()


HELD: Final = web.AppKey("held", HeldCalls)


def add_to(app: web.Application) -> None:
    app[HELD] = HeldCalls()
    # `reverse` loads every address of the portal: here, so that it does not delay the first order.
    app.router.add_route("*", reverse("core_orders"), orders)
    app.cleanup_ctx.append(_hearing)
    app.on_shutdown.append(_stop)


async def orders(request: web.Request) -> web.StreamResponse:
    """Answer a CORE when its orders differ from those that it has seen, at the latest after 25 seconds."""
    calls = request.app[HELD]
    try:
        async with asyncio.timeout(ORDERS_CALL_WITHIN_SECONDS):
            body = await _body(request)
    except TimeoutError:
        return _sent(views.problem(HTTPStatus.REQUEST_TIMEOUT, "interrupted", "The call came too slowly. Call again."))
    if len(body) > LARGEST_BYTES:
        return _sent(views.too_large(LARGEST_BYTES))
    if not calls.is_open:
        return _sent(_elsewhere())
    call = _as_django(request, body)
    asked = asyncio.get_running_loop().time()
    answer = await _asked(calls, views.orders, call)
    if isinstance(answer, views.Told) and answer.seen == json.loads(body)["seen"] and not answer.brings_token:
        answer = await _when_others(calls, answer, call, asked)
    return _sent(answer)


async def _when_others(calls: HeldCalls, answer: views.Told, call: HttpRequest, asked: float) -> HttpResponseBase:
    seen = answer.seen
    latest = asked + ORDERS_HELD_SECONDS * random.uniform(EARLIEST, 1)  # noqa: S311  (spreads, hides nothing)
    with calls.hold(answer, since=asked) as held:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(latest):
                    await held.word.wait()
            if held.is_over or not held.word.is_set():
                return answer if calls.is_open else _elsewhere()
            held.word.clear()
            again = await _asked(calls, views.orders_again, call)
            if not (isinstance(again, views.Told) and again.seen == seen and not again.brings_token):
                return again


async def _asked(calls: HeldCalls, view: View, call: HttpRequest) -> HttpResponseBase:
    return await calls.threads.run(partial(answer_machine, view, call))


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    while len(body) <= LARGEST_BYTES and (part := await request.content.read(LARGEST_BYTES + 1 - len(body))):
        body += part
    return bytes(body)


def _as_django(request: web.Request, body: bytes) -> WSGIRequest:
    headers = {name: ",".join(request.headers.getall(name, [])) for name in PASSED_ON}
    return WSGIRequest(
        {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": request.path,
            "QUERY_STRING": request.rel_url.raw_query_string,
            "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": request.remote or "",
            "wsgi.input": BytesIO(body),
            **{f"HTTP_{name.upper().replace('-', '_')}": said for name, said in headers.items() if said},
        }
    )


def _elsewhere() -> HttpResponse:
    sentence = "The line is not held here right now. Poll: the answer says where it is."
    return views.problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", sentence, wait=1)


def _sent(answer: HttpResponseBase) -> web.Response:
    body = answer.content if isinstance(answer, HttpResponse) else b""
    return web.Response(status=answer.status_code, body=body, headers=dict(answer.items()))


async def _hearing(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(_hear(app[HELD]))
    yield
    running = [each for each in (task, app[HELD].announcing) if each is not None]
    for each in running:
        each.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    app[HELD].threads.close()


async def _hear(calls: HeldCalls) -> None:
    """Wake the calls of COREs that have new orders, for ever. While it can't hear of new orders it holds no call."""
    while True:
        try:
            async for core in relays.heard():
                if core is None:
                    calls.is_open = True
                    calls.announcing = asyncio.create_task(_announce(calls))
                else:
                    calls.wake(core)
        except connection.LiveUnavailable:
            calls.close()
        await asyncio.sleep(AGAIN_SECONDS)


async def _announce(calls: HeldCalls) -> None:
    """Make every CORE with orders ask again once this relay counts as alive: some of their cameras move to it."""
    await asyncio.sleep(AGAIN_SECONDS)
    await calls.threads.run(relays.wake_all)


async def _stop(app: web.Application) -> None:
    app[HELD].close()
