"""How fast a line must be: so many bytes in each so many seconds of waiting for it."""

import errno
from dataclasses import dataclass


class TooSlow(ConnectionResetError):
    """Less moved on a line than must. To whoever reads from it the line is broken."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "too slow")


@dataclass(frozen=True, slots=True)
class Rate:
    """least: bytes that must move in each `seconds`."""

    least: int
    seconds: float


class Pace:
    """Holds one line to a rate. Only the time counts in which we waited for the line, not what we took ourselves."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._waited = 0.0
        self._moved = 0

    @property
    def left(self) -> float:
        """Seconds to wait until it is looked at again."""
        return max(self._rate.seconds - self._waited, 0.0)

    def count(self, *, waited: float, moved: int) -> None:
        """Note what happened. Raises TooSlow at the end of a time in which too little moved."""
        self._waited += waited
        self._moved += moved
        if self._waited < self._rate.seconds:
            return
        if self._moved < self._rate.least:
            raise TooSlow
        self._waited, self._moved = 0.0, 0
