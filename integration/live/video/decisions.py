"""Decisions of the gate, kept for a moment, and notes of pages that still ask. Only the live Valkey's clock counts."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from redis import Redis

from integration.live.video.connection import LiveUnavailable, answering
from integration.rules import DECISION_LIFE, VIEWER_GONE_AFTER

MILLISECOND = timedelta(milliseconds=1)
LIFE_MS = DECISION_LIFE // MILLISECOND
GONE_AFTER_MS = VIEWER_GONE_AFTER // MILLISECOND


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """Decision about a view: its deputy, where it began, and the name of the condition that failed, or "".

    stream: id of its video, or "". began: Unix seconds. minutes: number of minutes that have an entry. asked: the note
    that the view's page asks was written with the decision, so it need not be written again while the decision is kept.
    """

    deputy: str
    network: str
    session: str
    failed: str
    stream: str
    began: float
    minutes: int
    asked: bool = False


def now_ms(server: Redis) -> int:
    """Return the live Valkey's time in milliseconds. Ask it before reading facts."""
    told: Any = server.time()
    seconds, microseconds = told
    return int(seconds) * 1000 + int(microseconds) // 1000


def get_all(server: Redis, grants: Sequence[UUID]) -> dict[UUID, KeptDecision]:
    told: Any = server.mget([_decision(grant) for grant in grants]) if grants else []
    return {grant: KeptDecision(**json.loads(found)) for grant, found in zip(grants, told, strict=True) if found}


def keep(server: Redis, kept: Mapping[UUID, KeptDecision], *, read_at_ms: int) -> None:
    """Keep decisions until they expire. read_at_ms: when reading of their facts began, from which their life counts."""
    every = server.pipeline(transaction=False)
    for grant, decision in kept.items():
        every.set(_decision(grant), json.dumps(asdict(decision)), pxat=read_at_ms + LIFE_MS)
        if decision.asked:
            every.set(_asked(grant), "1", px=GONE_AFTER_MS)
    every.execute()


def note_asked(server: Redis, grant: UUID) -> None:
    server.set(_asked(grant), "1", px=GONE_AFTER_MS)


def still_asks(grant: UUID) -> bool:
    """True if the page of a view asked lately; False while the live Valkey is away."""
    with suppress(LiveUnavailable), answering() as server:
        return bool(server.exists(_asked(grant)))
    return False


def forget(grants: list[UUID]) -> None:
    """Drop the kept decisions about views. A Valkey that is away hands out none, and those in it expire soon."""
    if not grants:
        return
    with suppress(LiveUnavailable), answering() as server:
        server.delete(*(_decision(each) for each in grants))


def _decision(grant: UUID) -> str:
    return f"gate:{grant}"


def _asked(grant: UUID) -> str:
    return f"asked:{grant}"
