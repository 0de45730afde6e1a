"""What goes wrong, and when: planned by a test, or by hand at the control address."""

import re
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

LONGEST_HOLD = 60.0


@dataclass
class Fault:
    """What is done to the next requests that match.

    match: a pattern for "METHOD /path". kind: "refuse" (answer `status`, do nothing), "cut" (hang up, do nothing),
    "lose" (do it, hang up), "error" (do it, answer `status`), "hold" (keep the request until it is released, then do
    it), "keep" (do it, keep the answer until it is released). times: how many requests; none for all of them.
    until: the peer's time at which it is over.
    """

    match: str
    kind: str
    status: int = 500
    times: int | None = 1
    until: float | None = None
    seconds: float = LONGEST_HOLD

    @property
    def does_it(self) -> bool:
        """Whether the request has its effect."""
        return self.kind in {"lose", "error", "hold", "keep"}


@dataclass
class Plan:
    """The faults planned, in order, and the requests that are kept waiting."""

    faults: list[Fault] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    released: int = 0
    changed: Condition = field(default_factory=Condition)

    def add(self, told: list[dict[str, Any]]) -> None:
        """Plan more."""
        with self.changed:
            self.faults += [Fault(**one) for one in told]

    def take(self, request: str, now: float) -> Fault | None:
        """Return what is to go wrong with a request ("POST /v1/refunds"), and count it."""
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
        """Keep a request until all that wait are released, or until its time has passed."""
        with self.changed:
            self.waiting.append(request)
            before = self.released
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.released > before, timeout=fault.seconds)
            self.waiting.remove(request)

    def release(self) -> None:
        """Release all requests that wait."""
        with self.changed:
            self.released += 1
            self.changed.notify_all()

    def forget(self) -> None:
        """Drop the plan, and release all requests that wait."""
        with self.changed:
            self.faults.clear()
        self.release()
