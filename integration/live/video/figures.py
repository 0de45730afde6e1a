"""How each view runs now, as its relay counts it: for the operators' page, for seconds, in the live Valkey."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from integration.live.video.connection import answering
from integration.live.video.store import count_sent_of

KEPT: Final = timedelta(seconds=5)


@dataclass(slots=True)
class Figures:
    """Frames and bytes that were written since the line began, and frames that were left out for a slow line.

    behind: seconds for which the last frame waited in the relay. counted: bytes that are in the view's sum already.
    """

    frames: int = 0
    bytes: int = 0
    drops: int = 0
    behind: float = 0.0
    counted: int = 0

    def add(self, amount: int, *, behind: float) -> None:
        """Count a frame that is written."""
        self.frames += 1
        self.bytes += amount
        self.behind = behind


def note(running: Mapping[UUID, Figures]) -> None:
    """Note how views run, and add to the bytes that their viewers got. Raises LiveUnavailable."""
    with answering() as server:
        every = server.pipeline(transaction=False)
        for grant, figures in running.items():
            said = {name: value for name, value in asdict(figures).items() if name != "counted"}
            every.set(_key(grant), json.dumps(said), px=KEPT)
            count_sent_of(every, grant, figures.bytes - figures.counted)
        every.execute()
    for figures in running.values():
        figures.counted = figures.bytes


def of_views(grants: Sequence[UUID]) -> dict[UUID, Figures]:
    """Return how views run; those that no relay serves are not in it. Raises LiveUnavailable."""
    with answering() as server:
        told: Any = server.mget([_key(grant) for grant in grants]) if grants else []
    return {grant: Figures(**json.loads(found)) for grant, found in zip(grants, told, strict=True) if found}


def _key(grant: UUID) -> str:
    return f"live:runs:{grant}"
