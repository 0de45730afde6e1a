"""Still pictures in the live Valkey alone, for minutes. Each function raises LiveUnavailable."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from integration.live.video.connection import answering
from integration.rules import SNAPSHOT_KEPT, SNAPSHOT_WAITS


@dataclass(frozen=True, slots=True)
class StillOrder:
    snapshot: UUID
    core: UUID
    camera: UUID
    channel: str


@dataclass(frozen=True, slots=True)
class KeptStill:
    jpeg: bytes
    at: datetime


def want(wanted: StillOrder) -> None:
    """Ask for a picture. It replaces an earlier order of this camera, and the picture of that."""
    until = (timezone.now() + SNAPSHOT_WAITS).timestamp()
    said = {"snapshot": str(wanted.snapshot), "channel": wanted.channel, "until": until}
    with answering() as server:
        pipe = server.pipeline()
        pipe.delete(_picture(wanted.camera))
        pipe.hset(_core(wanted.core), str(wanted.camera), json.dumps(said))
        pipe.expire(_core(wanted.core), SNAPSHOT_WAITS)
        pipe.execute()


def wanted_of(core: UUID) -> list[StillOrder]:
    with answering() as server:
        found: Any = server.hgetall(_core(core))
    now = timezone.now().timestamp()
    orders = [(UUID(camera.decode()), json.loads(said)) for camera, said in found.items()]
    return [
        StillOrder(UUID(order["snapshot"]), core, camera, order["channel"])
        for camera, order in orders
        if order["until"] > now
    ]


def keep(wanted: StillOrder, jpeg: bytes) -> bool:
    """Keep a picture for minutes; return False if it was no longer wanted. The same one is taken once."""
    with answering() as server:
        if not server.hdel(_core(wanted.core), str(wanted.camera)):
            return False
        at = int(timezone.now().timestamp()).to_bytes(8, "big")
        server.set(_picture(wanted.camera), at + jpeg, ex=SNAPSHOT_KEPT)
    return True


def of_camera(camera: UUID) -> KeptStill | None:
    with answering() as server:
        found: Any = server.get(_picture(camera))
    if found is None:
        return None
    return KeptStill(
        found[8:], datetime.fromtimestamp(int.from_bytes(found[:8], "big"), tz=timezone.get_current_timezone())
    )


def waits_for(core: UUID, camera: UUID) -> bool:
    return any(wanted.camera == camera for wanted in wanted_of(core))


def _core(core: UUID) -> str:
    return f"snapshots:wanted:{core}"


def _picture(camera: UUID) -> str:
    return f"snapshots:picture:{camera}"
