"""What came soon after one another, which several flags look at."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Something that happened at a moment."""

    @property
    def at(self) -> datetime:
        """Return when."""


Event = TypeVar("Event", bound=Dated)


def stretches(dated: Sequence[Event], within: timedelta) -> Iterator[Sequence[Event]]:
    """Yield what came within so long of each, it included. dated: the oldest first."""
    end = 0
    for place, first in enumerate(dated):
        while end < len(dated) and dated[end].at - first.at <= within:
            end += 1
        yield dated[place:end]
