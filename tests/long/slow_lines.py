"""Connections that somebody holds open on purpose, and people who send files over slow lines; a process of its own.

`slow_lines hold PORT TLS` opens 200 connections from ten addresses, opens each again that is ended, and prints once a
second how many are open. `slow_lines send PORT TLS ADDRESSES` sends a file to each address at 1 Mbit/s and prints what
was answered.
"""

import asyncio
import json
import socket
import sys
from contextlib import suppress
from pathlib import Path

from tests.peers.nginx import anybody
from tests.serving.lines import FORM, SECRET, SLOW_HEAD

LINES = 200
ATTACKERS = [f"127.0.0.{number}" for number in range(2, 12)]
OFFICE = "127.0.0.40"
"""Everybody who sends a file sits behind one address."""

MBIT = 125_000
TENTHS = 0.1
FILE_BYTES = 20 * MBIT
HALF_FILE = (
    b"PATCH /uploads/forged/ HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
    b"Content-Type: application/offset+octet-stream\r\nContent-Length: 9000000\r\n\r\n"
)
HALF_FORM_WITH_FILE = (
    f"POST /requests/forged/footage/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={SECRET}\r\n"
    "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000\r\n\r\n--x\r\n"
).encode()
READER = b"GET /static/js/hls.js HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40
KINDS = [
    *[FORM + b"Content-Length: 4000\r\n\r\nlogin="] * 4,
    *[SLOW_HEAD] * 2,
    READER,
    HALF_FILE,
    HALF_FORM_WITH_FILE,
    b"",
]
"""Of ten: four forms, two heads, a reader who does not read, two files behind links that nobody made, and silence."""


class Lines:
    """How to connect, and how many connections are open."""

    def __init__(self, port: int, *, tls: bool) -> None:
        self.port = port
        self.open = 0
        self._tls = anybody() if tls else None

    async def connect(self, source: str, *, buffer: int = 0) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open one from an address. buffer: bytes that it takes without reading them."""
        sock = socket.socket()
        sock.setblocking(False)
        if buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        sock.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
        return await asyncio.open_connection(
            sock=sock, ssl=self._tls, server_hostname="localhost" if self._tls else None, limit=4096
        )

    async def hold(self, source: str, first: bytes) -> None:
        """Keep one open for good, with a byte a second; nothing is read."""
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                _reader, writer = await self.connect(source, buffer=4096)
                self.open += 1
                try:
                    writer.write(first)
                    while not writer.is_closing():
                        await asyncio.sleep(1)
                        writer.write(b"x" if first not in {READER, b""} else b"")
                        await asyncio.wait_for(writer.drain(), 1) if first != READER else None
                finally:
                    self.open -= 1
                    writer.transport.abort()
            await asyncio.sleep(1)

    async def send(self, address: str) -> str:
        """Send a file at 1 Mbit/s, all in one request; return the first line of the answer."""
        reader, writer = await self.connect(OFFICE)
        head = [f"PATCH {address} HTTP/1.1", "Host: localhost", "Tus-Resumable: 1.0.0", "Upload-Offset: 0"]
        head += ["Content-Type: application/offset+octet-stream", f"Content-Length: {FILE_BYTES}", "", ""]
        writer.write("\r\n".join(head).encode())
        loop, begun = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        content, step = content_of(address), int(MBIT * TENTHS)
        for number, first in enumerate(range(0, FILE_BYTES, step)):
            writer.write(content[first : first + step])
            await writer.drain()
            await asyncio.sleep(max(begun + (number + 1) * TENTHS - loop.time(), 0))
        answer = await asyncio.wait_for(reader.readline(), 60)
        writer.close()
        return answer.decode().strip()


def content_of(address: str) -> bytes:
    """Return a file of one's own: an MP4 by its first bytes, then its address again and again."""
    first = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    return (first + address.encode() * (FILE_BYTES // len(address) + 1))[:FILE_BYTES]


async def hold(lines: Lines) -> None:
    """Hold lines until this process is ended."""
    each = LINES // len(ATTACKERS)
    kinds = [(source, KINDS[number % len(KINDS)]) for source in ATTACKERS for number in range(each)]
    tasks = [asyncio.create_task(lines.hold(source, first)) for source, first in kinds]
    while not any(task.done() for task in tasks):
        await asyncio.sleep(1)
        say(str(lines.open))


async def send(lines: Lines, addresses: list[str]) -> None:
    """Send all files at once."""
    for answer in await asyncio.gather(*(lines.send(address) for address in addresses)):
        say(answer)


def say(line: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(act: str, port: str, tls: str, addresses: str = "") -> None:
    """Run one of both."""
    given = json.loads(Path(addresses).read_text(encoding="utf-8")) if addresses else []
    lines = Lines(int(port), tls=tls == "tls")
    asyncio.run(hold(lines) if act == "hold" else send(lines, given))


if __name__ == "__main__":
    main(*sys.argv[1:])
