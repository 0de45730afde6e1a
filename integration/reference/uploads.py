"""Uploads of cameras: to a relay as one long body; as HLS for browsers that need it, or if no relay runs."""

import select
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import SSLWantReadError
from typing import Any, ClassVar, Final, TypeAlias
from urllib.parse import urlsplit

from integration.live.video.fragments import Init
from integration.reference.device import Tell
from integration.reference.reader import LOOK_EVERY, Feed, Program, Reader, Worker

Order: TypeAlias = Mapping[str, Any]
"""Order to send one camera, as openapi.json describes it. Earlier portals name no relay, and want HLS."""

LISTED = 6
"""Pieces that an HLS playlist lists, a second each."""


class Sender(Program):
    where: ClassVar = ""

    def __init__(self, order: Order, reader: Reader, *, tell: Tell, root: str) -> None:
        super().__init__(reader, f"the HLS of {order['channel']}", hls_arguments(order, root), tell=tell)
        self.order = order

    def start(self) -> None:
        super().start()
        self.tell(f"sends {self.order['channel']}")


def hls_arguments(order: Order, root: str) -> list[str]:
    """Return ffmpeg's arguments for HLS. Pieces are numbered by the time in seconds, so a restart only goes up.

    root: the portal's address without a slash at its end.
    """
    folder = root + order["put"]
    return [
        *["-c:v", "copy", "-f", "hls", "-hls_time", "1", "-hls_list_size", str(LISTED)],
        *["-hls_flags", "independent_segments+omit_endlist", "-hls_start_number_source", "epoch"],
        *["-method", "PUT", "-headers", f"Authorization: Bearer {order['token']}\r\n"],
        *["-ignore_io_errors", "1", "-timeout", "5"],
        *["-hls_segment_filename", f"{folder}%d.ts", f"{folder}live.m3u8"],
    ]


SECONDS_TO_SEND: Final = 5.0
AGAIN_AFTER, LONGEST_WAIT = 0.5, 15.0
READ_BYTES: Final = 4096


class NotTaken(Exception):
    """The relay refuses an upload, or stopped taking it."""


class Upload(Worker):
    """Upload for one order, in a thread. failed: called after each failure, to ask for the orders again."""

    where: ClassVar = " to the relay"

    def __init__(self, order: Order, reader: Reader, *, tell: Tell, failed: Callable[[], None]) -> None:
        super().__init__(tell=tell)
        self.order = order
        self.reader = reader
        self.failed = failed

    def _run(self) -> None:
        wait = AGAIN_AFTER
        while not self.over.is_set():
            try:
                self._send()
            except (OSError, HTTPException, NotTaken) as failure:
                if self.over.is_set():
                    return
                self.tell(f"sends {self.order['channel']} again: {str(failure) or type(failure).__name__}")
                self.failed()
                self.over.wait(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                wait = AGAIN_AFTER

    def _send(self) -> None:
        with self.reader.feed() as feed:
            first = feed.get(LOOK_EVERY)
            if not isinstance(first, Init):
                return
            with closing(Body(self.order)) as body:
                self.tell(f"sends {self.order['channel']}{self.where}")
                self._pass_on(first, feed, body)
                body.finish()

    def _pass_on(self, first: Init, feed: Feed, body: "Body") -> None:
        body.send(first.box)
        for picture in feed.pictures(self.over):
            if said := body.answer(0):
                raise NotTaken(said)
            if picture:
                body.send(picture.box)


class Body:
    """A body of unknown length on its way to a relay. Raises OSError and HTTPException if the connection breaks."""

    def __init__(self, order: Order) -> None:
        parts = urlsplit(order["relay"])
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._line = kind(parts.hostname or "", parts.port, timeout=SECONDS_TO_SEND)
        self._said = b""
        try:
            self._line.putrequest("PUT", parts.path, skip_accept_encoding=True)
            self._line.putheader("Authorization", f"Bearer {order['token']}")
            self._line.putheader("Content-Type", "video/mp4")
            self._line.putheader("Transfer-Encoding", "chunked")
            self._line.endheaders()
        except BaseException:
            self.close()
            raise

    def send(self, piece: bytes) -> None:
        self._line.send(b"%x\r\n%b\r\n" % (len(piece), piece))

    def answer(self, seconds: float) -> str:
        """Return the first line of the relay's answer, "" if none came in time. It may come before the body ends."""
        sock = self._line.sock
        if not select.select([sock], [], [], seconds)[0]:
            return ""
        sock.settimeout(0)
        try:
            part = sock.recv(READ_BYTES)
        except (BlockingIOError, SSLWantReadError):
            return ""  # these were words of TLS
        finally:
            sock.settimeout(SECONDS_TO_SEND)
        if not part:
            raise ConnectionError("the relay closed the line")
        self._said += part
        line, end, _rest = self._said.partition(b"\r\n")
        return line.decode("latin-1") if end else ""

    def finish(self) -> None:
        """Send the end of the body. Raises NotTaken unless the relay confirms it."""
        self._line.send(b"0\r\n\r\n")
        latest = time.monotonic() + SECONDS_TO_SEND
        while not (said := self.answer(LOOK_EVERY)):
            if time.monotonic() > latest:
                raise NotTaken("the relay says nothing")
        if " 204 " not in said:
            raise NotTaken(said)

    def close(self) -> None:
        self._line.close()


@dataclass(eq=False, slots=True)
class Uploads:
    """Uploads of one CORE to relays, or by HLS: at most one for each order, which ends with the order.

    asked: returns the part of an order that is for these uploads, false for none. If it changes, an upload begins anew.
    """

    readers: Mapping[str, Reader]
    begin: Callable[[Order, Reader], Upload | Sender]
    asked: Callable[[Order], str | bool]
    tell: Tell
    _running: dict[str, Upload | Sender] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def follow(self, orders: Iterable[Order]) -> None:
        wanted = {order["stream"]: order for order in orders if self.asked(order) and order["channel"] in self.readers}
        with self._lock:
            for stream, running in list(self._running.items()):
                order = wanted.get(stream)
                if order is None or self.asked(order) != self.asked(running.order):
                    self._end(stream)
                else:
                    running.order = order  # somebody may have extended it
            for stream in wanted.keys() - self._running.keys():
                order = wanted[stream]
                self._running[stream] = self.begin(order, self.readers[order["channel"]])
                self._running[stream].start()

    def stop_over(self, now: float) -> None:
        """End expired orders. now: Unix seconds by the portal's clock."""
        with self._lock:
            for stream in [stream for stream, each in self._running.items() if each.order["until"] <= now]:
                self._end(stream)

    def stop(self) -> None:
        running = list(self._running.values())
        self.follow([])
        for each in running:
            each.join()

    def _end(self, stream: str) -> None:
        ended = self._running.pop(stream)
        ended.stop()
        self.tell(f"sends {ended.order['channel']}{ended.where} no more")
