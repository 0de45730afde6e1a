"""Requests that wait for a thread of their lane. Networks take turns, so many of one delay only each other."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Turn:
    """A waiting request. result: of its work; cancelled if it lost its place."""

    work: Callable[[], Any]
    result: "Future[Any]" = field(default_factory=Future)

    def take(self) -> None:
        try:
            self.result.set_result(self.work())
        except BaseException as error:
            self.result.set_exception(error)


class Turns:
    """The queue of a lane. most: waiting requests. Beyond it the network with the most loses its latest one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[str, deque[Turn]] = {}
        """By network, in order of turns."""

    def has_room(self, network: str) -> bool:
        return self._count() < self._most or self._count_of(network) + 1 < self._count_of(self._largest())

    def add(self, network: str, work: Callable[[], Any]) -> "Future[Any]":
        if self._count() >= self._most:
            self._drop()
        turn = Turn(work)
        self._waiting.setdefault(network, deque()).append(turn)
        return turn.result

    def pop(self) -> Turn | None:
        """Return the oldest request of the network whose turn it is; that network then goes last."""
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
