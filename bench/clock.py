"""Times of ways to answer the same questions, taken in turn."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import TypeVar

import psycopg

from bench.processor import used

DEEPEST = 128
"""Frames that fill more than a piece of the stack's memory (16 KB)."""

_calls = count()
Question = TypeVar("Question")
Answer = TypeVar("Answer")


@dataclass
class Timing:
    """How long one way took to answer each question, in milliseconds.

    processor: of them on a processor, of this process and the database's. found: how much it found.
    """

    milliseconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    found: list[int] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median, in milliseconds."""
        return statistics.median(self.milliseconds)

    @property
    def late(self) -> float:
        """The 95th percentile, in milliseconds."""
        return statistics.quantiles(self.milliseconds, n=20)[18]

    @property
    def figures(self) -> tuple[float, float, float]:
        """Its cells in a table under `FIGURES`."""
        return self.median, self.late, statistics.median(self.processor)

    def of(self, reference: "Timing") -> float:
        """Return how many times as much processor time it took as a reference in turn with it: the median ratio."""
        pairs = zip(self.processor, reference.processor, strict=True)
        return statistics.median(own / other for own, other in pairs)


@dataclass(frozen=True, slots=True)
class Pair:
    """How long something took, and a reference in turn with it."""

    own: Timing
    reference: Timing

    @property
    def ratio(self) -> float:
        """How many times as much processor time it took."""
        return self.own.of(self.reference)

    @property
    def least(self) -> float:
        """The same, of the call of each that took least: what held a call up is left out."""
        return min(self.own.processor) / min(self.reference.processor)

    @property
    def figures(self) -> tuple[float, float, float, float]:
        """Its cells in a table under `FIGURES`, and the ratio."""
        return *self.own.figures, self.ratio


FIGURES = ("median ms", "95th percentile ms", "median on a processor")


def timed(act: Callable[[], Answer], *others: psycopg.Connection) -> tuple[float, float, Answer]:
    """Return the milliseconds of one call, how many of them were on a processor, and its answer.

    others: connections to the database that serve it, beside Django's. Each call begins at another depth of the stack:
    where Python needs another piece of memory for frames inside a busy loop, a page takes up to twice as long.
    """
    depth = next(_calls) * 37 % DEEPEST
    before, started = used(*others), time.perf_counter()
    answer = _at_depth(depth, act)
    passed, after = time.perf_counter() - started, used(*others)
    return passed * 1000, (after - before) * 1000, answer


def _at_depth(depth: int, act: Callable[[], Answer]) -> Answer:
    return _at_depth(depth - 1, act) if depth else act()


def in_turn(
    ways: Mapping[str, Callable[[Question], int]],
    questions: Sequence[Question],
    *others: psycopg.Connection,
    warm_up: int,
) -> dict[str, Timing]:
    """Ask each question in every way before the next one, so that all ways meet the same load beside them.

    Who comes first changes with each question. The first `warm_up` questions only fill the caches.
    """
    timings = {name: Timing() for name in ways}
    names = list(ways)
    for number, question in enumerate(questions):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            passed, processor, found = timed(partial(ways[name], question), *others)
            if number >= warm_up:
                timings[name].milliseconds.append(passed)
                timings[name].processor.append(processor)
                timings[name].found.append(found)
    return timings


def beside(
    act: Callable[[], object],
    reference: Callable[[], object],
    *others: psycopg.Connection,
    warm_up: int,
    rounds: int,
) -> Pair:
    """Time an act and a reference in turn."""
    ways = {"act": partial(_ask, act), "reference": partial(_ask, reference)}
    timings = in_turn(ways, range(warm_up + rounds), *others, warm_up=warm_up)
    return Pair(timings["act"], timings["reference"])


def _ask(act: Callable[[], object], _number: int) -> int:
    act()
    return 0
