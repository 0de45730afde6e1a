"""The long poll served on a port of its own, and COREs that call it over real sockets, each in a thread."""

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from aiohttp import web

from integration.cores import signatures
from integration.cores.signatures import Signed
from integration.relay import long_poll
from integration.relay.long_poll import HELD, HeldCalls
from tests.integration.cores.devices import Device

PATH = "/core/v1/orders"
SECONDS = 20.0
AT_ONCE = 15.0
"""Seconds. An answer without any order takes twenty at least."""


class Answer(NamedTuple):
    """The answer to a call, and after how many seconds it came."""

    status: int
    said: dict[str, Any]
    after: float
    headers: Any


class Served:
    """The long poll of a process: the same application as in a relay, in a thread of the test."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.port = 0
        self.held = HeldCalls()
        self.calls = ThreadPoolExecutor(40)
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self.loop).result(SECONDS)

    async def _start(self) -> None:
        app = web.Application()
        long_poll.add_to(app)
        self.held = app[HELD]
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.port = self.runner.addresses[0][1]

    def stop(self) -> None:
        """Stop it as SIGTERM stops a relay. Doing it twice has one effect."""
        if self.loop.is_running():
            asyncio.run_coroutine_threadsafe(self.runner.cleanup(), self.loop).result(SECONDS)
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(SECONDS)
            self.loop.close()

    def call(self, device: Device, seen: str = "", **more: Any) -> Answer:
        """Ask for orders, and wait for the answer. more: as of `sent`."""
        return self._exchange(*sent(device, seen, **more))

    def begin(self, device: Device, seen: str, **more: Any) -> "Future[Answer]":
        """Ask for orders, and return once the call is held."""
        held = self.held.waiting.get(device.core.pk)
        future = self.calls.submit(self.call, device, seen, **more)
        until(lambda: future.done() or self.held.waiting.get(device.core.pk) not in {None, held})
        assert not future.done(), future.result()
        return future

    def _exchange(self, method: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        began = time.monotonic()
        try:
            connection.request(method, PATH, body, headers)
            response = connection.getresponse()
            said = response.read()
            return Answer(response.status, json.loads(said), time.monotonic() - began, response.headers)
        finally:
            connection.close()


def sent(
    device: Device,
    seen: str = "",
    *,
    method: str = "POST",
    body: bytes | None = None,
    ahead: float = 0.0,
    token: str | None = None,
    path: str = PATH,
) -> tuple[str, bytes, dict[str, str]]:
    """Return what a CORE sends. ahead: of its clock, in seconds. path: which one it signs."""
    said = json.dumps({"seen": seen}).encode() if body is None else body
    at = datetime.fromtimestamp(time.time() + ahead, tz=UTC)
    signature = signatures.sign(device.key, Signed(method, path, said), at=at)
    shown = device.token if token is None else token
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {shown}", "Core-Signature": signature}
    return method, said, headers


@contextmanager
def served_long_poll() -> Iterator[Served]:
    """Serve the long poll; yield once it receives messages of the portal."""
    served = Served()
    served.start()
    try:
        until(lambda: served.held.is_open)
        yield served
    finally:
        with suppress(RuntimeError):
            served.stop()
        served.calls.shutdown(wait=False)


def until(is_so: Any) -> None:
    """Wait for something that another thread does."""
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
