"""Times and tables."""

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Question = TypeVar("Question")


@dataclass
class Timing:
    """How long one way took to answer, in milliseconds, and how much it found, for each question."""

    milliseconds: list[float] = field(default_factory=list)
    found: list[int] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median, in milliseconds."""
        return statistics.median(self.milliseconds)

    @property
    def late(self) -> float:
        """The 95th percentile, in milliseconds."""
        return statistics.quantiles(self.milliseconds, n=20)[18]


def milliseconds(act: Callable[[], object]) -> float:
    """Return how long one call takes."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def in_turn(
    ways: Mapping[str, Callable[[Question], int]], questions: Sequence[Question], *, warm_up: int
) -> dict[str, Timing]:
    """Ask each question in every way before the next one, so that all ways meet the same load beside them.

    Who comes first changes with each question. The first `warm_up` questions only fill the caches.
    """
    timings = {name: Timing() for name in ways}
    names = list(ways)
    for number, question in enumerate(questions):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            started = time.perf_counter()
            found = ways[name](question)
            if number >= warm_up:
                timings[name].milliseconds.append((time.perf_counter() - started) * 1000)
                timings[name].found.append(found)
    return timings


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table as it stands in docs/performance.md."""
    print(f"\n{title}\n")
    print(line(headings))
    print(line(["---"] * len(headings)))
    for row in rows:
        print(line([f"{cell:.2f}" if isinstance(cell, float) else cell for cell in row]), flush=True)


def line(cells: Sequence[object]) -> str:
    """Return one line of a table."""
    return f"| {' | '.join(str(cell) for cell in cells)} |"
