"""Requests that wait for a thread of their lane: networks take turns, so that many of one wait for each other alone."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Turn:
    """One request that waits. result: of its work, once a thread has done it; cancelled when it lost its place."""

    work: Callable[[], Any]
    result: "Future[Any]" = field(default_factory=Future)

    def take(self) -> None:
        """Do the work; called in a thread."""
        try:
            self.result.set_result(self.work())
        except BaseException as error:
            self.result.set_exception(error)


class Turns:
    """The queue of one lane.

    most: requests that may wait. Beyond it the network that has most of them loses its latest to one that has fewer.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[str, deque[Turn]] = {}
        """By network, in the order of their next turn."""

    def has_room(self, network: str) -> bool:
        """Return True if one more request of this network may wait."""
        return self._count() < self._most or self._count_of(network) + 1 < self._count_of(self._largest())

    def add(self, network: str, work: Callable[[], Any]) -> "Future[Any]":
        """Let a request wait, for which there is room."""
        if self._count() >= self._most:
            self._drop()
        turn = Turn(work)
        self._waiting.setdefault(network, deque()).append(turn)
        return turn.result

    def pop(self) -> Turn | None:
        """Return the oldest request of the network that has its turn, and let the others go before its next one."""
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
