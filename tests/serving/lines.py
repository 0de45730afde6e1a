"""Raw connections to the portal, as an attacker makes them who wants to hold its threads."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

PATIENCE = 20.0
"""Seconds in which anything must have been answered that is answered at all."""

SECRET = "a" * 32
FORM = (
    f"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={SECRET}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n"
).encode()
"""The cookie is what makes the portal look into the form for the field that belongs to it."""

SLOW_FORM = FORM + b"Content-Length: 4000\r\n\r\nlogin="
SLOW_HEAD = b"GET /account/login/ HTTP/1.1\r\nHost: local"


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    body: bytes


def opened(port: int, *, source: str = "127.0.0.1", buffer: int = 0) -> socket.socket:
    """Open a connection. source: the address that it comes from. buffer: bytes that it takes without reading them."""
    line = socket.socket()
    line.settimeout(PATIENCE)
    if buffer:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    line.bind((source, 0))
    line.connect(("127.0.0.1", port))
    return line


@contextmanager
def held(
    port: int, first: bytes, count: int, *, source: str = "127.0.0.1", buffer: int = 0
) -> Iterator[list[socket.socket]]:
    """Open so many connections that send `first` and then nothing. Each sends before the next opens: a head is due."""
    with ExitStack() as stack:
        lines = list[socket.socket]()
        for _number in range(count):
            lines.append(stack.enter_context(opened(port, source=source, buffer=buffer)))
            lines[-1].sendall(first)
        yield lines


def answered(line: socket.socket) -> Answer:
    """Read one answer with a length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(line)
    head, _blank, body = data.partition(b"\r\n\r\n")
    text = head.decode()
    lengths = [row.partition(":")[2] for row in text.splitlines() if row.lower().startswith("content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += _more(line)
    return Answer(int(text.split()[1]), text, body)


def ask(port: int, request: bytes, *, source: str = "127.0.0.1") -> Answer:
    """Send a request and return its answer."""
    with opened(port, source=source) as line:
        line.sendall(request)
        return answered(line)


def get(port: int, path: str, *, source: str = "127.0.0.1") -> Answer:
    """Ask for a page and close the connection."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    return ask(port, request.encode(), source=source)


def is_closed(line: socket.socket) -> bool:
    """Wait until the portal ends a connection, and drop what it sends before."""
    line.settimeout(PATIENCE)
    try:
        while line.recv(64 * 1024):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


def is_cut(line: socket.socket) -> bool:
    """Wait until the portal gives up a connection from which nobody reads."""
    deadline = time.monotonic() + PATIENCE
    with suppress(ConnectionResetError, BrokenPipeError):
        while time.monotonic() < deadline:
            line.sendall(b"\r\n")
            time.sleep(0.1)
        return False
    return True


def trickle(line: socket.socket, byte: bytes = b"x", *, every: float = 0.1, stop: Callable[[], bool]) -> None:
    """Send byte by byte until told to stop, or cut."""
    try:
        while not stop():
            line.sendall(byte)
            time.sleep(every)
    except OSError:
        return


def _more(line: socket.socket) -> bytes:
    data = line.recv(64 * 1024)
    if not data:
        raise ConnectionResetError("no whole answer")
    return data
