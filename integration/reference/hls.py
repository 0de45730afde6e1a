"""HLS of cameras, one ffmpeg for each order: for browsers that play nothing else, and without a relay."""

import threading
from collections.abc import Iterable, Mapping

from integration.reference.consumer import Program
from integration.reference.orders import Order
from integration.reference.programs import Tell
from integration.reference.reader import Reader

LISTED = 6
"""Pieces in its playlist, a second each."""


class Sender(Program):
    def __init__(self, order: Order, reader: Reader, *, tell: Tell) -> None:
        super().__init__(reader, f"the HLS of {order.channel}", arguments(order), tell=tell)
        self.order = order


class Senders:
    """HLS programs of one CORE. Each order has one at most; it ends with the order."""

    def __init__(self, readers: Mapping[str, Reader], *, tell: Tell) -> None:
        self.readers = readers
        self.tell = tell
        self._running: dict[str, Sender] = {}
        self._lock = threading.Lock()

    def follow(self, orders: Iterable[Order]) -> None:
        wanted = {order.stream: order for order in orders if order.hls and order.channel in self.readers}
        with self._lock:
            for stream in self._running.keys() - wanted.keys():
                self._end(stream)
            for stream, order in wanted.items():
                if stream in self._running:
                    self._running[stream].order = order  # somebody may have extended it
                else:
                    self._begin(order)

    def stop_over(self, now: float) -> None:
        """End expired orders. now: Unix seconds by the portal's clock."""
        with self._lock:
            for stream in [stream for stream, each in self._running.items() if each.order.until <= now]:
                self._end(stream)

    def stop(self) -> None:
        running = list(self._running.values())
        self.follow([])
        for each in running:
            each.join()

    def _begin(self, order: Order) -> None:
        sender = self._running[order.stream] = Sender(order, self.readers[order.channel], tell=self.tell)
        sender.start()
        self.tell(f"sends {order.channel}")

    def _end(self, stream: str) -> None:
        sender = self._running.pop(stream)
        sender.stop()
        self.tell(f"sends {sender.order.channel} no more")


def arguments(order: Order) -> list[str]:
    """Return ffmpeg's arguments. Numbers begin at the time in seconds: a new start continues with higher ones."""
    return [
        *["-c:v", "copy", "-f", "hls", "-hls_time", "1", "-hls_list_size", str(LISTED)],
        *["-hls_flags", "independent_segments+omit_endlist", "-hls_start_number_source", "epoch"],
        *["-method", "PUT", "-headers", f"Authorization: Bearer {order.token}\r\n"],
        *["-ignore_io_errors", "1", "-timeout", "5"],
        *["-hls_segment_filename", f"{order.address}%d.ts", f"{order.address}live.m3u8"],
    ]
