"""Decisions of the gate, kept for a moment, and pages that still ask. Both by the clock of the live Valkey alone."""

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
    """Decision about a view: its deputy, where it began, and the condition that failed, or "".

    stream: its video, or "". began: Unix seconds. minutes: number that have their entry already. asked: that the page
    of the view asks was noted with it, so that it need not be noted again while it is kept.
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
    """Return the server's time, to be asked before facts are read."""
    told: Any = server.time()
    seconds, microseconds = told
    return int(seconds) * 1000 + int(microseconds) // 1000


def get(server: Redis, grant: UUID) -> KeptDecision | None:
    found: Any = server.get(_decision(grant))
    return KeptDecision(**json.loads(found)) if found else None


def get_all(server: Redis, grants: Sequence[UUID]) -> dict[UUID, KeptDecision]:
    told: Any = server.mget([_decision(grant) for grant in grants]) if grants else []
    return {grant: KeptDecision(**json.loads(found)) for grant, found in zip(grants, told, strict=True) if found}


def keep(server: Redis, kept: Mapping[UUID, KeptDecision], *, read_at_ms: int) -> None:
    """Keep decisions until they expire; their life began before their facts were read, so none gets too old."""
    every = server.pipeline(transaction=False)
    for grant, decision in kept.items():
        every.set(_decision(grant), json.dumps(asdict(decision)), pxat=read_at_ms + LIFE_MS)
        if decision.asked:
            every.set(_asked(grant), "1", px=GONE_AFTER_MS)
    every.execute()


def note_asked(server: Redis, grant: UUID) -> None:
    server.set(_asked(grant), "1", px=GONE_AFTER_MS)


def still_asks(grant: UUID) -> bool:
    """True if the page of a view asked lately; False while the server is away."""
    try:
        with answering() as server:
            return bool(server.exists(_asked(grant)))
    except LiveUnavailable:
        return False


def forget(grants: list[UUID]) -> None:
    """Drop decisions about views. A server that is away hands out none, and its own expire soon."""
    if not grants:
        return
    with suppress(LiveUnavailable), answering() as server:
        server.delete(*(_decision(each) for each in grants))


def _decision(grant: UUID) -> str:
    return f"gate:{grant}"


def _asked(grant: UUID) -> str:
    return f"asked:{grant}"
