"""The streams of this relay: of each the current group of pictures, in memory, and who waits for the next one."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from integration.live.video.fragments import Init
from integration.rules import STREAM_BYTES

GROUP_FRAMES: Final = 600
"""Frames of one group at most: ten seconds of a quick camera."""

SILENT_AFTER: Final = 3.0
"""Seconds without a frame after which there is nothing to see: what was is not what is."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A frame of the current group, as a fragment. number: its place since the device began to send.

    came: by the monotonic clock. came_ms: in milliseconds of Unix.
    """

    number: int
    is_key: bool
    box: bytes
    came: float
    came_ms: float


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

    def begin(self) -> None:
        """Forget what was: a device begins to send."""
        self.sending += 1
        self.count = 0
        self.stop()

    def start(self, init: Init) -> None:
        """Note what stands before the first frame."""
        self.init = init

    def add(self, box: bytes, *, is_key: bool, came: float) -> None:
        """Keep a frame, and wake whoever waits."""
        self.count += 1
        if is_key:
            self._drop()
        elif not self.kept:
            return
        ago = time.monotonic() - came
        self.kept.append(Kept(self.count, is_key, box, came, (time.time() - ago) * 1000))
        self._bytes += len(box)
        if self._bytes > STREAM_BYTES or len(self.kept) > GROUP_FRAMES:
            self._drop()  # its camera seldom begins anew; the next key frame is waited for
        self.wake()

    def stop(self) -> None:
        """Forget the video of a device that sends no more."""
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
    """All streams that somebody sends or waits for; each is forgotten once nobody does."""

    def __init__(self) -> None:
        self._held: dict[UUID, Stream] = {}
        self._holders: Counter[UUID] = Counter()

    def hold(self, pk: UUID) -> Stream:
        """Return a stream, and keep it until it is let go."""
        self._holders[pk] += 1
        return self._held.setdefault(pk, Stream(pk))

    def let_go(self, stream: Stream) -> None:
        """Keep a stream no more for one of those who hold it."""
        self._holders[stream.pk] -= 1
        if not self._holders[stream.pk]:
            del self._holders[stream.pk], self._held[stream.pk]
