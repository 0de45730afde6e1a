from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar


class Dated(Protocol):
    @property
    def at(self) -> datetime:
        """Return the moment."""


Event = TypeVar("Event", bound=Dated)


def stretches(dated: Sequence[Event], within: timedelta) -> Iterator[Sequence[Event]]:
    """Yield for each event the events within that time after it, itself included. dated: oldest first."""
    end = 0
    for place, first in enumerate(dated):
        while end < len(dated) and dated[end].at - first.at <= within:
            end += 1
        yield dated[place:end]
