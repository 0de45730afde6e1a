"""A connection's socket for gunicorn: never blocks longer than its pace allows, and holds unread answers."""

import select
import socket
import time
from collections import deque
from contextlib import suppress

from fusus_portal.ground.serving import limits

UNSENT = 128 * 1024
"""Most unsent bytes in the kernel; a low limit shows the reader's speed."""


class Line:
    """A non-blocking socket. reading, writing: paces to keep. most_held: bytes held before a thread waits."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        with suppress(OSError, AttributeError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        self._socket = sock
        self._held: deque[memoryview] = deque()
        self.held = 0
        self.reading = limits.Pace(limits.FILE)
        self.writing = limits.Pace(limits.ANSWER)
        self.most_held = limits.HELD_ANSWER

    def fileno(self) -> int:
        return self._socket.fileno()

    def take(self, size: int) -> bytes:
        """Return bytes that have arrived, b"" at the end. Raises BlockingIOError if nothing has."""
        return self._socket.recv(size)

    def recv(self, size: int) -> bytes:
        """Return the next bytes; the calling thread waits for them. Raises TooSlow."""
        while True:
            try:
                data = self.take(size)
            except BlockingIOError:
                _wait(self._socket, self.reading, select.POLLIN)
            else:
                self.reading.count(waited=0, moved=len(data))
                return data

    def sendall(self, data: bytes) -> None:
        """Send bytes, or hold what the reader does not take yet. Raises TooSlow if too much is held for too long."""
        if data:
            self._held.append(memoryview(data))
            self.held += len(data)
        self.writing.count(waited=0, moved=self.flush())
        while self.held > self.most_held:
            _wait(self._socket, self.writing, select.POLLOUT)
            self.writing.count(waited=0, moved=self.flush())

    send = sendall  # gunicorn's "100 Continue"

    def flush(self) -> int:
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
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._held.clear()
        self.held = 0
        self._socket.close()

    def gettimeout(self) -> float:
        """Return 0: it never blocks (for gunicorn)."""
        return 0.0

    def setblocking(self, flag: bool) -> None:
        """Ignore gunicorn: a thread waits in `recv` as long as the pace allows."""

    def settimeout(self, value: float | None) -> None:
        """Ignore gunicorn, as `setblocking` does."""


def _wait(sock: socket.socket, pace: limits.Pace, event: int) -> None:
    ready = select.poll()
    ready.register(sock, event)
    begun = time.monotonic()
    ready.poll(max(pace.left * 1000, 1))
    pace.count(waited=time.monotonic() - begun, moved=0)
