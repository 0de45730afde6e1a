"""How a CORE sends a camera as HLS: one ffmpeg for each order, that copies what the camera gives and puts it there.

A relay gets it as one upload instead (upload); HLS is for browsers that play nothing else, and while no relay is alive.
"""

import subprocess
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fusus_portal.ground.video.program import ffmpeg
from integration.reference.orders import Order
from integration.reference.programs import AGAIN_AFTER, Tell, command, end
from integration.reference.sources import read_from

LISTED = 6
"""Pieces in its playlist, a second each."""


@dataclass
class Program:
    """A program at work for an order."""

    order: Order
    process: subprocess.Popen[bytes]
    began: float


class Senders:
    """The programs of one CORE. Each order has one at most; when the order is gone, so is its program."""

    def __init__(self, cameras: Mapping[str, str], *, tell: Tell) -> None:
        self.cameras = cameras
        self.tell = tell
        self._wanted: dict[str, Order] = {}
        self._running: dict[str, Program] = {}
        self._lock = threading.Lock()

    def follow(self, orders: Iterable[Order]) -> None:
        """Take what is ordered now; `tend` starts and stops programs for it."""
        with self._lock:
            self._wanted = {order.stream: order for order in orders if order.hls and order.channel in self.cameras}

    def tend(self, now: float) -> None:
        """Start what is ordered, start again what stopped, stop the rest, and what nobody can see by its own time.

        now: in seconds of Unix, the portal's clock. It is called by one thread: a program ends with that.
        """
        with self._lock:
            wanted = {stream: order for stream, order in self._wanted.items() if order.until > now}
        for stream in [stream for stream in self._running if stream not in wanted]:
            self._stop(stream)
        for stream, order in wanted.items():
            running = self._running.get(stream)
            if running is None:
                self._start(order)
                continue
            running.order = order  # somebody may have extended it
            if running.process.poll() is not None and time.monotonic() - running.began > AGAIN_AFTER:
                self._stop(stream)
                self._start(order)

    def stop(self) -> None:
        """Stop everything."""
        self.follow([])
        for stream in list(self._running):
            self._stop(stream)

    def _start(self, order: Order) -> None:
        program = ffmpeg()
        if not program:
            self.tell("there is no ffmpeg, so no camera can be sent")
            return
        told = command(program, *arguments(self.cameras[order.channel], order))
        process = subprocess.Popen(told, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self._running[order.stream] = Program(order, process, time.monotonic())
        self.tell(f"sends {order.channel}")

    def _stop(self, stream: str) -> None:
        sending = self._running.pop(stream)
        end(sending.process)
        self.tell(f"sends {sending.order.channel} no more")


def arguments(source: str, order: Order) -> list[str]:
    """Return what ffmpeg is told. Numbers begin at the time in seconds: a new start continues with higher ones."""
    return [
        *read_from(source),
        *["-f", "hls", "-hls_time", "1", "-hls_list_size", str(LISTED)],
        *["-hls_flags", "independent_segments+omit_endlist", "-hls_start_number_source", "epoch"],
        *["-method", "PUT", "-headers", f"Authorization: Bearer {order.token}\r\n"],
        *["-ignore_io_errors", "1", "-timeout", "5"],
        *["-hls_segment_filename", f"{order.address}%d.ts", f"{order.address}live.m3u8"],
    ]
