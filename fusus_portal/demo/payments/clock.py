"""Time of the peer: that of the machine, or moved by a test that moves its own."""

import time


class Clock:
    """Seconds since 1970. `ahead` may be set at any moment."""

    ahead: float = 0.0

    def now(self) -> float:
        return time.time() + self.ahead
