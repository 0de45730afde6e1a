"""Figures of running views, as their relay counts them: kept for seconds in the live Valkey, for supervisors."""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from integration.live.video.connection import LiveUnavailable, answering
from integration.live.video.store import count_sent_of

KEPT: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Running:
    """Figures of a running view. behind: seconds in the relay. frames, bits: a second. drops: frames left out."""

    behind: float
    frames: float
    bits: float
    drops: int


@dataclass(slots=True)
class Figures:
    frames: int = 0
    bytes: int = 0
    drops: int = 0
    behind: float = 0.0
    _noted: tuple[float, int, int] = field(default_factory=lambda: (time.monotonic(), 0, 0))

    def add(self, amount: int, *, behind: float) -> None:
        self.frames += 1
        self.bytes += amount
        self.behind = behind

    def noted(self) -> tuple[Running, int]:
        """Return the figures since the last call of this method, and the bytes written since then."""
        (at, frames, amount), now = self._noted, time.monotonic()
        self._noted = (now, self.frames, self.bytes)
        seconds, fresh = max(0.001, now - at), self.bytes - amount
        return Running(self.behind, (self.frames - frames) / seconds, fresh * 8 / seconds, self.drops), fresh


def note(running: Mapping[UUID, Figures]) -> None:
    """Store the figures of views, and add to the bytes that their viewers got. Raises LiveUnavailable."""
    with answering() as server:
        every = server.pipeline(transaction=False)
        for grant, figures in running.items():
            told, fresh = figures.noted()
            every.set(_key(grant), json.dumps(asdict(told)), px=KEPT)
            count_sent_of(every, grant, fresh)
        every.execute()


def of_views(grants: Sequence[UUID]) -> dict[UUID, Running]:
    """Return the figures of views, without views that no relay serves; {} while the live Valkey is away."""
    with suppress(LiveUnavailable), answering() as server:
        told: Any = server.mget([_key(grant) for grant in grants]) if grants else []
        return {grant: Running(**json.loads(found)) for grant, found in zip(grants, told, strict=True) if found}
    return {}


def _key(grant: UUID) -> str:
    return f"live:runs:{grant}"
