"""The streams of this relay: of each the current group of pictures, in memory, and who waits for the next one."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from integration.live.video.fragments import Frame, Init
from integration.rules import STREAM_BYTES

GROUP_FRAMES: Final = 600
"""Frames of one group at most: ten seconds of a quick camera."""

SILENT_AFTER: Final = 3.0
"""Seconds without a frame after which there is nothing to see: what was is not what is."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A frame of the current group. number: its place since the device began to send.

    came: by the monotonic clock. came_ms: in milliseconds of Unix.
    """

    number: int
    frame: Frame
    came: float
    came_ms: float


class TakenOver(Exception):
    """Another body of the same stream began, so this one takes nothing more."""


@dataclass(eq=False)
class Stream:
    """The video of one camera. sending: how often a device began. count: how many frames it sent since.

    kept: the frames of the current group; empty while none is known from its beginning.
    """

    pk: UUID
    init: Init | None = None
    sending: int = 0
    count: int = 0
    kept: list[Kept] = field(default_factory=list)
    waiting: set[asyncio.Event] = field(default_factory=set)
    _bytes: int = 0

    def begin(self) -> int:
        """Let a device send; return what it shows with each frame. Whoever sent before sends no more."""
        self.sending += 1
        self.count = 0
        self.init = None
        self._drop()
        return self.sending

    def add(self, sending: int, found: Init | Frame) -> None:
        """Keep what a device sent, and wake whoever waits. Raises TakenOver."""
        self.must_be(sending)
        if isinstance(found, Init):
            self.init = found
            return
        self.count += 1
        if found.is_key:
            self._drop()
        elif not self.kept:
            return
        self.kept.append(Kept(self.count, found, time.monotonic(), time.time() * 1000))
        self._bytes += len(found.box)
        if self._bytes > STREAM_BYTES or len(self.kept) > GROUP_FRAMES:
            self._drop()  # its camera seldom begins anew; the next key frame is waited for
        self.wake()

    def must_be(self, sending: int) -> None:
        """Raise TakenOver unless this device is the one that sends."""
        if sending != self.sending:
            raise TakenOver

    def stop(self, sending: int) -> None:
        """Forget the video of a device that sends no more, unless another one began meanwhile."""
        if sending == self.sending:
            self.init = None
            self._drop()
            self.wake()

    def after(self, number: int) -> Kept | None:
        """Return the frame that comes after another one, or the first that is still there; None while there is none."""
        if not self.kept:
            return None
        place = max(0, number + 1 - self.kept[0].number)
        return self.kept[place] if place < len(self.kept) else None

    def is_silent(self) -> bool:
        """Return whether there is nothing to see now."""
        return not self.kept or time.monotonic() - self.kept[-1].came > SILENT_AFTER

    def wake(self) -> None:
        """Wake whoever waits for something new."""
        for event in self.waiting:
            event.set()

    def _drop(self) -> None:
        self.kept, self._bytes = [], 0


class Streams:
    """All streams that somebody sends or waits for."""

    def __init__(self) -> None:
        self._held: dict[UUID, Stream] = {}
        self._holders: dict[UUID, int] = {}

    @contextmanager
    def held(self, pk: UUID) -> Iterator[Stream]:
        """Hand out a stream for as long as somebody sends it or waits for it; then it is forgotten."""
        stream = self._held.setdefault(pk, Stream(pk))
        self._holders[pk] = self._holders.get(pk, 0) + 1
        try:
            yield stream
        finally:
            self._holders[pk] -= 1
            if not self._holders[pk]:
                del self._holders[pk], self._held[pk]
