"""Planned faults, from a test or by hand at the control address."""

import re
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

LONGEST_HOLD = 60.0


@dataclass
class Fault:
    """A fault of the next requests that match.

    match: a pattern for "METHOD /path". kind: "refuse" (answer `status`, do nothing), "cut" (hang up, do nothing),
    "lose" (do it, hang up), "error" (do it, answer `status`), "hold" (keep the request until its release, then do it),
    "keep" (do it, keep the answer until its release). times: number of requests, None for all. until: the peer's time
    at which the fault ends.
    """

    match: str
    kind: str
    status: int = 500
    times: int | None = 1
    until: float | None = None
    seconds: float = LONGEST_HOLD

    @property
    def does_it(self) -> bool:
        return self.kind in {"lose", "error", "hold", "keep"}


@dataclass
class Plan:
    """Planned faults, in order, and the requests that are kept waiting."""

    faults: list[Fault] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    released: int = 0
    changed: Condition = field(default_factory=Condition)

    def add(self, told: list[dict[str, Any]]) -> None:
        with self.changed:
            self.faults += [Fault(**one) for one in told]

    def take(self, request: str, now: float) -> Fault | None:
        """Return the fault of a request ("POST /v1/refunds"), if any, and count it."""
        with self.changed:
            self.faults = [one for one in self.faults if one.until is None or one.until > now]
            for one in self.faults:
                if re.search(one.match, request):
                    if one.times is not None:
                        one.times -= 1
                        if one.times < 1:
                            self.faults.remove(one)
                    return one
        return None

    def wait(self, request: str, fault: Fault) -> None:
        """Keep a request until the next release, or until its time has passed."""
        with self.changed:
            self.waiting.append(request)
            before = self.released
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.released > before, timeout=fault.seconds)
            self.waiting.remove(request)

    def release(self) -> None:
        with self.changed:
            self.released += 1
            self.changed.notify_all()

    def forget(self) -> None:
        with self.changed:
            self.faults.clear()
        self.release()
