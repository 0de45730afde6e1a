"""Streams of this relay: the current group of pictures of each, in memory, and the lines that wait for more."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from integration.live.video.fragments import Init
from integration.rules import DARK_AFTER_SECONDS, STREAM_BYTES

GROUP_FRAMES: Final = 600
"""Most frames of a group, from a key frame on: ten seconds of a quick camera."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A frame of the current group. number: since `begin`. came: monotonic arrival time. came_ms: in Unix ms."""

    number: int
    is_key: bool
    box: bytes
    came: float
    came_ms: float


@dataclass(eq=False)
class Stream:
    """The video of one camera. sending: times that a device began. count: frames since then. kept: current group."""

    pk: UUID
    init: Init | None = None
    sending: int = 0
    count: int = 0
    kept: list[Kept] = field(default_factory=list)
    waiting: set[asyncio.Event] = field(default_factory=set)
    _bytes: int = 0

    def begin(self) -> None:
        self.sending += 1
        self.count = 0
        self.stop()

    def add(self, box: bytes, *, is_key: bool, came: float) -> None:
        self.count += 1
        if is_key:
            self._drop()
        elif not self.kept:
            return
        ago = time.monotonic() - came
        self.kept.append(Kept(self.count, is_key, box, came, (time.time() - ago) * 1000))
        self._bytes += len(box)
        if self._bytes > STREAM_BYTES or len(self.kept) > GROUP_FRAMES:
            self._drop()  # rare key frames: wait for the next one
        self.wake()

    def stop(self) -> None:
        self.init = None
        self._drop()
        self.wake()

    def after(self, number: int) -> Kept | None:
        """Return the kept frame after this number; the oldest, if that frame is gone; None if none has come yet."""
        if not self.kept:
            return None
        place = max(0, number + 1 - self.kept[0].number)
        return self.kept[place] if place < len(self.kept) else None

    def is_silent(self) -> bool:
        return not self.kept or time.monotonic() - self.kept[-1].came > DARK_AFTER_SECONDS

    def wake(self) -> None:
        for event in self.waiting:
            event.set()

    def _drop(self) -> None:
        self.kept, self._bytes = [], 0


class Streams:
    """Streams that a device sends or a line shows. Each is kept as long as somebody holds it."""

    def __init__(self) -> None:
        self._held: dict[UUID, Stream] = {}
        self._holders: Counter[UUID] = Counter()

    def hold(self, pk: UUID) -> Stream:
        self._holders[pk] += 1
        return self._held.setdefault(pk, Stream(pk))

    def let_go(self, stream: Stream) -> None:
        self._holders[stream.pk] -= 1
        if not self._holders[stream.pk]:
            del self._holders[stream.pk], self._held[stream.pk]
