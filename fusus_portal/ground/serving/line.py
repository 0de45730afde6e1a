"""A connection's socket as gunicorn sees it: it never blocks for longer than a pace allows.

What a slow reader has not taken yet is held, and the loop sends it on when the thread is long gone.
"""

import select
import socket
import time
from collections import deque
from contextlib import suppress

from fusus_portal.ground.serving import limits
from fusus_portal.ground.serving.paces import Pace

UNSENT = 128 * 1024
"""Bytes that the kernel takes beyond what is on its way, so that it shows how fast somebody reads."""


class Line:
    """One socket, which is never in blocking mode.

    reading: what whoever sends to a thread is held to. writing: likewise for whoever reads what a thread sends.
    most_held: bytes of an answer that wait here before the thread must.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        with suppress(OSError, AttributeError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        self._socket = sock
        self._held: deque[memoryview] = deque()
        self.held = 0
        self.reading = Pace(limits.FILE)
        self.writing = Pace(limits.ANSWER)
        self.most_held = limits.HELD_ANSWER

    def fileno(self) -> int:
        """For selectors."""
        return self._socket.fileno()

    def take(self, size: int) -> bytes:
        """Return what has arrived, b"" when the other side is done. Raises BlockingIOError when nothing has."""
        return self._socket.recv(size)

    def recv(self, size: int) -> bytes:
        """Return what arrives next, for a thread that waits. Raises TooSlow."""
        while True:
            try:
                data = self.take(size)
            except BlockingIOError:
                _wait(self._socket, self.reading, select.POLLIN)
            else:
                self.reading.count(waited=0, moved=len(data))
                return data

    def sendall(self, data: bytes) -> None:
        """Send, or hold. Raises TooSlow when too much is held for too long."""
        if data:
            self._held.append(memoryview(data))
            self.held += len(data)
        self.writing.count(waited=0, moved=self.flush())
        while self.held > self.most_held:
            _wait(self._socket, self.writing, select.POLLOUT)
            self.writing.count(waited=0, moved=self.flush())

    send = sendall  # gunicorn's "100 Continue"

    def flush(self) -> int:
        """Send what can be sent without waiting; return how many bytes."""
        before = self.held
        with suppress(BlockingIOError):
            while self._held:
                sent = self._socket.send(self._held[0])
                self.held -= sent
                self._held[0] = self._held[0][sent:]
                if not self._held[0]:
                    self._held.popleft()
        return before - self.held

    def end_writing(self) -> None:
        """Tell the other side that nothing more comes."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close it, and drop what is held."""
        self._held.clear()
        self.held = 0
        self._socket.close()

    def gettimeout(self) -> float:
        """As gunicorn asks: it never blocks."""
        return 0.0

    def setblocking(self, flag: bool) -> None:
        """As gunicorn wishes before it reads: a thread waits in `recv` as long as the pace allows."""

    def settimeout(self, value: float | None) -> None:
        """Likewise."""


def _wait(sock: socket.socket, pace: Pace, event: int) -> None:
    ready = select.poll()
    ready.register(sock, event)
    begun = time.monotonic()
    ready.poll(max(pace.left * 1000, 1))
    pace.count(waited=time.monotonic() - begun, moved=0)
