"""What a check of the ledger found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from audit.ledger.alarms import AlarmKind


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was sealed.

    entry: the entry of the log that it is about, the first one where it is about several; None where no entry is.
    what: a sentence, with what was sealed and what is there now.
    """

    kind: AlarmKind
    entry: int | None
    what: str


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each run of numbers that follow each other: 10,000 gone rows are one finding."""
    for _offset, run in groupby(enumerate(numbers), lambda placed: placed[1] - placed[0]):
        found = [number for _place, number in run]
        yield found[0], found[-1]


def entries(first: int, last: int) -> str:
    """Return how a sentence begins that is about these entries."""
    return f"Entry {first}" if first == last else f"Each of the entries {first} to {last}"
