from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from audit.ledger.alarms import AlarmKind


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference from the sealed log. entry: the one concerned, the first of several, or None. what: a sentence."""

    kind: AlarmKind
    entry: int | None
    what: str


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of consecutive numbers: 10,000 missing rows are one finding."""
    for _offset, run in groupby(enumerate(numbers), lambda placed: placed[1] - placed[0]):
        found = [number for _place, number in run]
        yield found[0], found[-1]


def entries(first: int, last: int) -> str:
    return f"Entry {first}" if first == last else f"Each of the entries {first} to {last}"
