"""The threads of each lane."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from fusus_portal.ground.serving import lanes, limits
from fusus_portal.ground.serving.lanes import Lane


class LaneThreads:
    """Threads for each lane. Only the loop calls this; the threads never do.

    pages: how many serve pages. held: bytes of the bodies that were collected for them.
    """

    def __init__(self, pages: int) -> None:
        self._threads: Mapping[Lane, int] = {
            Lane.URGENT: limits.URGENT_THREADS,
            Lane.PAGES: pages,
            Lane.VIDEO: limits.VIDEO_THREADS,
            Lane.FILES: limits.FILE_THREADS,
        }
        self._pools = {lane: _pool(lane, threads) for lane, threads in self._threads.items()}
        self.held = 0
        self._busy: Counter[Lane] = Counter()
        self._networks: Counter[str] = Counter()

    def has_room(self, lane: Lane, network: str, *, body: int = 0) -> bool:
        """Return whether a lane takes one more request of a network: at once where it takes long, else in a moment.

        body: bytes of it that were collected.
        """
        if body > limits.SMALL_BODY and self.held + body > limits.HELD_BY_THREADS:
            return False
        if not lane.takes_long:
            return self._busy[lane] < self._threads[lane] + limits.WAITING
        if lane is Lane.FILES and self._networks[network] >= limits.FILES_OF_ONE_NETWORK:
            return False
        return self._busy[lane] < self._threads[lane]

    def submit(self, lane: Lane, network: str, work: Callable[[], Any], *, body: int = 0) -> Future[Any]:
        """Let a thread of the lane do something. `done` is told afterwards."""
        self._busy[lane] += 1
        self.held += body
        if lane is Lane.FILES:
            self._networks[network] += 1
        return self._pools[lane].submit(work)

    def done(self, lane: Lane, network: str, *, body: int = 0) -> None:
        """Note that a thread is free again."""
        self._busy[lane] -= 1
        self.held -= body
        if lane is Lane.FILES:
            self._networks[network] -= 1
            self._networks += Counter()  # forgets who has none

    def shutdown(self, *, wait: bool = True) -> None:
        """Take no more; with wait, until all is done."""
        for pool in self._pools.values():
            pool.shutdown(wait=wait)


def _pool(lane: Lane, threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix=lane, initializer=lanes.enter, initargs=(lane,))
