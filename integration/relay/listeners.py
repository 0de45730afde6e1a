"""Listeners of a relay, with deadlines and shares of lines by network (docs/decisions/ground/slow-senders.md)."""

import asyncio
import signal
import time
from collections import Counter
from contextlib import suppress
from http import HTTPStatus
from socket import socket
from typing import Any, Final, cast

from aiohttp import web
from aiohttp.typedefs import Handler
from django.conf import settings

from audit.log.actors import Source
from fusus_portal.ground.serving import limits, networks
from fusus_portal.ground.serving.answers import TOO_MANY
from integration.device_api.callers import PROBLEM, problem_of

NOTHING_KEPT: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
READ_BYTES: Final = 16 * 1024
"""Bytes that are read from a line at once, in one turn of the event loop."""

SECONDS_TO_END: Final = 1.0
LINGERS: Final = 0.5
"""Seconds in which a device may read an answer that came before its body ended. Then the line is cut."""

OPTIONS: Final[dict[str, Any]] = {
    "keepalive_timeout": limits.FIRST_SECONDS,  # also for the first head
    "lingering_time": 0,  # else aiohttp reads on behind an answer
    "read_bufsize": READ_BYTES,
    "auto_decompress": False,
    "access_log": None,
}


def address_of(request: web.Request) -> str:
    """Return the network address of the caller, "" if it is unknown."""
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
    return networks.address_behind(request.remote or "", forwarded, proxies=settings.TRUSTED_PROXY_COUNT)


def network_of(request: web.Request) -> str:
    return networks.network_of(address_of(request))


def source_of(request: web.Request, sign_in: str = "") -> Source:
    # An entry can't hold bytes of a header that are not UTF-8.
    agent = request.headers.get("User-Agent", "").encode("utf-8", "replace").decode()
    return Source(address=address_of(request), user_agent=agent, sign_in=sign_in)


def problem(status: HTTPStatus, code: str, detail: str, *, wait: int = 0) -> web.Response:
    """Return a problem for a device as the device API does (RFC 9457), and end the line. wait: seconds to stay away."""
    body: dict[str, Any] = problem_of(status, code, detail)
    headers = {**NOTHING_KEPT, **({"Retry-After": str(wait)} if wait else {})}
    response = web.json_response(body, status=status, content_type=PROBLEM, headers=headers)
    response.force_close()
    return response


class HeldLine(web.RequestHandler):
    """One line (connection). took: seconds of the processor for reading it, since `time_of` last counted them."""

    __slots__ = ("took",)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.took = 0.0

    def data_received(self, data: bytes) -> None:
        """Read bytes and count the time. The same bytes in chunks of one byte take a thousand times as long."""
        began = time.thread_time()
        super().data_received(data)
        self.took += time.thread_time() - began


class HeldLines(web.Server):
    """Lines of a process, each counted for its network. Behind proxies the network is known from a request's head."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._networks: dict[web.RequestHandler, str] = {}
        self._counts: Counter[str] = Counter()

    def __call__(self) -> web.RequestHandler:
        return HeldLine(self, loop=asyncio.get_running_loop(), **OPTIONS)

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        transport.max_size = READ_BYTES  # type: ignore[attr-defined]  # asyncio would read sixteen times as much
        peer = transport.get_extra_info("peername") or [""]
        address = networks.address_behind(peer[0], "", proxies=0)
        if not self.is_let_in(
            handler, networks.UNKNOWN if settings.TRUSTED_PROXY_COUNT else networks.network_of(address)
        ):
            asyncio.get_running_loop().call_soon(transport.abort)  # after this callback, when the line is set up

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self._forget(handler)

    def is_let_in(self, handler: web.RequestHandler, network: str) -> bool:
        """Count a line for a network; return False if the network has more lines than its share."""
        self._forget(handler)
        self._networks[handler] = network
        self._counts[network] += 1
        return not network or self._counts[network] <= limits.OF_ONE_NETWORK

    def _forget(self, handler: web.RequestHandler) -> None:
        if handler in self._networks:
            self._counts[self._networks.pop(handler)] -= 1
            self._counts += Counter()  # drops networks without lines


class Runner(web.AppRunner):
    def __init__(self, app: web.Application) -> None:
        super().__init__(app, shutdown_timeout=SECONDS_TO_END)
        app.middlewares.append(self._counted)
        self._lines: HeldLines | None = None

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        self._lines = HeldLines(made.request_handler, request_factory=made.request_factory)
        return self._lines

    @web.middleware
    async def _counted(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self._lines is not None and not self._lines.is_let_in(request.protocol, network_of(request)):
            text = f"{TOO_MANY.english}\n{TOO_MANY.spanish}\n"
            headers = {**NOTHING_KEPT, "Retry-After": str(TOO_MANY.wait)}
            refused = web.Response(status=TOO_MANY.status, text=text, headers=headers)
            refused.force_close()
            return await _answered(request, refused)
        try:
            return await _answered(request, await handler(request))
        except web.HTTPException as wrong:
            await _answered(request, wrong)
            raise


async def _answered(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Send an answer. The rest of the request's body is not read: that would be work that no budget counts."""
    if not request.content.at_eof():
        with suppress(ConnectionError):
            await response.prepare(request)
            await response.write_eof()
            await asyncio.sleep(LINGERS)
    return response


def time_of(request: web.Request) -> float:
    """Return the seconds spent on reading a request's line since the last call of this function."""
    line = cast("HeldLine", request.protocol)
    took, line.took = line.took, 0.0
    return took


async def serve(app: web.Application, listener: socket, over: asyncio.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    runner = Runner(app)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        await over.wait()
    finally:
        await runner.cleanup()
