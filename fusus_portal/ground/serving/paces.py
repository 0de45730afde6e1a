import errno
from dataclasses import dataclass


class TooSlow(ConnectionResetError):
    """Too few bytes moved. To the reader the line is broken."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "too slow")


@dataclass(frozen=True, slots=True)
class Rate:
    """least: bytes that must move in each `seconds`."""

    least: int
    seconds: float


class Pace:
    """Holds a line to a rate. Only the time spent waiting for the line counts."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._waited = 0.0
        self._moved = 0

    @property
    def left(self) -> float:
        return max(self._rate.seconds - self._waited, 0.0)

    def count(self, *, waited: float, moved: int) -> None:
        """Note waiting and bytes. Raises TooSlow after a span with too few."""
        self._waited += waited
        self._moved += moved
        if self._waited < self._rate.seconds:
            return
        if self._moved < self._rate.least:
            raise TooSlow
        self._waited, self._moved = 0.0, 0
