"""Threads of each lane, and the queue in which networks take turns for them."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from fusus_portal.ground.serving import lanes, limits
from fusus_portal.ground.serving.lanes import Lane


@dataclass(frozen=True, slots=True)
class Turn:
    """A queued request. work: function that serves it. result: the work's; cancelled if the request lost its place."""

    work: Callable[[], Any]
    result: "Future[Any]" = field(default_factory=Future)

    def take(self) -> None:
        try:
            self.result.set_result(self.work())
        except BaseException as error:
            self.result.set_exception(error)


class Turns:
    """The queue of a lane. most: requests that may wait. Beyond it, the network with most requests loses its latest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[str, deque[Turn]] = {}
        """Queued requests by network, in the order of the networks' turns."""

    def has_room(self, network: str) -> bool:
        return self._count() < self._most or self._count_of(network) + 1 < self._count_of(self._largest())

    def add(self, network: str, work: Callable[[], Any]) -> "Future[Any]":
        if self._count() >= self._most:
            self._drop()
        turn = Turn(work)
        self._waiting.setdefault(network, deque()).append(turn)
        return turn.result

    def pop(self) -> Turn | None:
        """Take and return the oldest request of the network whose turn it is; that network then goes last."""
        if not self._waiting:
            return None
        network = next(iter(self._waiting))
        waiting = self._waiting.pop(network)
        turn = waiting.popleft()
        if waiting:
            self._waiting[network] = waiting
        return turn

    def _drop(self) -> None:
        network = self._largest()
        self._waiting[network].pop().result.cancel()
        if not self._waiting[network]:
            del self._waiting[network]

    def _largest(self) -> str:
        return max(self._waiting, key=self._count_of)

    def _count_of(self, network: str) -> int:
        return len(self._waiting.get(network, ()))

    def _count(self) -> int:
        return sum(map(len, self._waiting.values()))


class LaneThreads:
    """Threads of each lane, used by the loop alone. pages: threads of PAGES. held: bytes of bodies served or queued."""

    def __init__(self, pages: int) -> None:
        self._threads: Mapping[Lane, int] = {
            Lane.URGENT: limits.URGENT_THREADS,
            Lane.PAGES: pages,
            Lane.VIDEO: limits.VIDEO_THREADS,
            Lane.FILES: limits.FILE_THREADS,
        }
        self._pools = {
            lane: ThreadPoolExecutor(threads, thread_name_prefix=lane, initializer=lanes.enter, initargs=(lane,))
            for lane, threads in self._threads.items()
        }
        self._turns = {lane: Turns(limits.WAITING) for lane in Lane}
        self.held = 0
        self._busy: Counter[Lane] = Counter()
        self._networks: Counter[str] = Counter()

    def has_room(self, lane: Lane, network: str, *, body: int = 0) -> bool:
        """True if a lane takes one more request of a network: now in a slow lane, else in its turn. body: its bytes."""
        if body > limits.SMALL_BODY and self.held + body > limits.HELD_BY_THREADS:
            return False
        if not lane.takes_long:
            return self._busy[lane] < self._threads[lane] or self._turns[lane].has_room(network)
        if lane is Lane.FILES and self._networks[network] >= limits.FILES_OF_ONE_NETWORK:
            return False
        return self._busy[lane] < self._threads[lane]

    def submit(self, lane: Lane, network: str, work: Callable[[], Any], *, body: int = 0) -> "Future[Any]":
        """Run work in a thread of the lane at the network's turn; cancel its result if the request loses its place."""
        self.held += body
        if lane is Lane.FILES:
            self._networks[network] += 1
        result = self._turns[lane].add(network, work)
        self._take_turns(lane)
        return result

    def done(self, lane: Lane, network: str, *, body: int = 0, served: bool = True) -> None:
        self._busy[lane] -= served
        self.held -= body
        if lane is Lane.FILES:
            self._networks[network] -= 1
            self._networks += Counter()  # drops networks at zero
        self._take_turns(lane)

    def shutdown(self, *, wait: bool = True) -> None:
        for pool in self._pools.values():
            pool.shutdown(wait=wait)

    def _take_turns(self, lane: Lane) -> None:
        while self._busy[lane] < self._threads[lane] and (turn := self._turns[lane].pop()):
            self._busy[lane] += 1
            self._pools[lane].submit(turn.take)
