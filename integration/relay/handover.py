"""Handover from the receiving process to the serving one, on a pair of sockets. A fault in a message ends the relay."""

import asyncio
import time
from collections import Counter
from contextlib import closing
from enum import IntEnum
from socket import socket
from struct import Struct
from typing import Final
from uuid import UUID

from integration.live.video.fragments import FRAME_BYTES, MOOV_BYTES, Init
from integration.relay.streams import Stream, Streams

HEAD: Final = Struct(">B16sdI")
"""Head of a message: kind, stream, arrival by the monotonic clock, which both processes read, and bytes of the rest."""

WAITS: Final = 4 * 1024 * 1024
"""Bytes of one stream that may wait while the serving process is busy."""

LATE: Final = 0.5
"""Seconds after which a waiting picture is left out, with all up to the next key frame: newer ones come sooner."""

ALIVE_EVERY: Final = 0.25
SILENT_AFTER: Final = 2.0
"""Seconds without a message of the receiving process after which this relay no longer counts as alive."""

AROUND: Final = 1024
"""Bytes that the portal adds to a device's settings or picture."""

NOBODY: Final = UUID(int=0)


class Handed(IntEnum):
    """Kinds of messages: the receiving process lives; a device begins or ends a stream; its settings, its pictures."""

    ALIVE = 1
    BEGIN = 2
    INIT = 3
    KEY = 4
    FRAME = 5
    END = 6


LONGEST: Final = {
    Handed.INIT: MOOV_BYTES + AROUND,
    Handed.KEY: FRAME_BYTES + AROUND,
    Handed.FRAME: FRAME_BYTES + AROUND,
}
"""Most bytes after the head. Messages of other kinds have none."""


class NoMessage(Exception):
    """The bytes from the receiving process are no message."""


class Outlet:
    def __init__(self, line: socket) -> None:
        self._line = line
        self._queue: asyncio.Queue[tuple[UUID, Handed, float, bytes]] = asyncio.Queue()
        self._waits: Counter[UUID] = Counter()
        self._skips: set[UUID] = set()

    async def run(self) -> None:
        """Write each message, or that this process lives. Raises OSError once the serving process reads none."""
        self._line.setblocking(False)
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout(ALIVE_EVERY):
                    stream, what, at, message = await self._queue.get()
            except TimeoutError:
                self.put(Handed.ALIVE, NOBODY)
                continue
            if self._is_due(stream, what, at):
                await loop.sock_sendall(self._line, message)
            self._waits[stream] -= len(message)
            self._waits += Counter()  # drops streams without waiting bytes

    def has_room(self, stream: UUID, amount: int) -> bool:
        return self._waits[stream] + amount <= WAITS

    def put(self, what: Handed, stream: UUID, payload: bytes = b"") -> None:
        now = time.monotonic()
        message = HEAD.pack(what, stream.bytes, now, len(payload)) + payload
        self._waits[stream] += len(message)
        self._queue.put_nowait((stream, what, now, message))

    def _is_due(self, stream: UUID, what: Handed, at: float) -> bool:
        """True if a message must be written. Late pictures are left out, up to one with which a player can begin."""
        if what is Handed.FRAME and stream in self._skips:
            return False
        if what in {Handed.KEY, Handed.FRAME} and time.monotonic() - at > LATE:
            self._skips.add(stream)
            return False
        self._skips.discard(stream)
        return True

    def put_init(self, stream: UUID, init: Init) -> None:
        self.put(Handed.INIT, stream, init.codec.encode() + b"\n" + init.box)


class Inlet:
    def __init__(self, line: socket, streams: Streams) -> None:
        self._line = line
        self._streams = streams
        self._sent: dict[UUID, Stream] = {}
        self._heard_at = 0.0

    @property
    def is_silent(self) -> bool:
        return time.monotonic() - self._heard_at > SILENT_AFTER

    async def run(self) -> None:
        """Pass messages on to streams. Raises NoMessage, IncompleteReadError. The reader's buffer bounds each turn."""
        reader, writer = await asyncio.open_unix_connection(sock=self._line)
        with closing(writer):
            while True:
                said, stream, came, length = HEAD.unpack(await reader.readexactly(HEAD.size))
                if said not in set(Handed) or length > LONGEST.get(Handed(said), 0):
                    raise NoMessage
                self._take(Handed(said), UUID(bytes=stream), came, await reader.readexactly(length))
                self._heard_at = time.monotonic()

    def _take(self, what: Handed, pk: UUID, came: float, payload: bytes) -> None:
        if what is Handed.ALIVE:
            return
        if what is Handed.BEGIN and pk not in self._sent:
            self._sent[pk] = self._streams.hold(pk)
        if pk not in self._sent:
            raise NoMessage
        stream = self._sent[pk]
        match what:
            case Handed.BEGIN:
                stream.begin()
            case Handed.INIT:
                codec, _end, box = payload.partition(b"\n")
                stream.init = Init(codec.decode("ascii", "replace"), box)
            case Handed.KEY | Handed.FRAME:
                stream.add(payload, is_key=what is Handed.KEY, came=came)
            case Handed.END:
                stream.stop()
                self._streams.let_go(self._sent.pop(pk))
