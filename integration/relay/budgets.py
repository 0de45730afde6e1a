"""Budgets of a stream and of a CORE, since all devices share a loop. They outlive a body: sending anew adds none."""

import asyncio
import time
from typing import Final
from uuid import UUID

from fusus_portal.ground.access.limits import TooManyAtOnce
from integration.live.video.fragments import FrameTooLarge
from integration.relay.streams import GROUP_FRAMES
from integration.rules import STREAM_BYTES

FRAMES_A_SECOND: Final = 60
BYTES_A_SECOND: Final = 4 * 1024 * 1024
"""Of a quick camera. At first a whole group of its pictures may come."""

BODIES: Final = 10
"""Of one stream at first; then one each second."""

CAMERAS: Final = 8
"""A CORE sends as much as this many cameras: sixteen usual ones."""

OTHERS: Final = 4
"""A CORE has a fifth of the loop's time: after using some it waits this many times as long, on all of its lines."""

KEPT_SECONDS: Final = 60.0
"""Longer than a body may pause, and than a budget needs to refill."""


class Bucket:
    """A budget that refills by `rate` each second, up to `most`."""

    def __init__(self, rate: float, most: float) -> None:
        self._rate, self._most = rate, most
        self._left, self._at = most, time.monotonic()

    def take(self, amount: float) -> bool:
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < amount:
            return False
        self._left -= amount
        return True


class Budget:
    def __init__(self, cameras: int = 1) -> None:
        self.used_at = self._free_at = time.monotonic()
        self._frames = Bucket(cameras * FRAMES_A_SECOND, cameras * GROUP_FRAMES)
        self._bytes = Bucket(cameras * BYTES_A_SECOND, cameras * STREAM_BYTES)
        self._bodies = Bucket(cameras, cameras * BODIES)

    def begin(self) -> None:
        if not self._bodies.take(1):
            raise TooManyAtOnce

    def spend(self, *, frames: int = 0, amount: int = 0) -> None:
        self.used_at = time.monotonic()
        if not (self._frames.take(frames) and self._bytes.take(amount)):
            raise FrameTooLarge(f"A camera sends at most {FRAMES_A_SECOND} frames and {BYTES_A_SECOND} bytes a second.")

    async def turn(self) -> None:
        while (wait := self._free_at - time.monotonic()) > 0:  # noqa: ASYNC110  (another line may have it meanwhile)
            await asyncio.sleep(wait)

    def took(self, seconds: float) -> None:
        self._free_at = max(self._free_at, time.monotonic()) + OTHERS * seconds


class Budgets:
    def __init__(self, cameras: int = 1) -> None:
        self._cameras = cameras
        self._kept: dict[UUID, Budget] = {}

    def of(self, pk: UUID) -> Budget:
        late = time.monotonic() - KEPT_SECONDS
        self._kept = {each: budget for each, budget in self._kept.items() if budget.used_at > late}
        return self._kept.setdefault(pk, Budget(self._cameras))
