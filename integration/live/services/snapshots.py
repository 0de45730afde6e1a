"""Still pictures of cameras, taken when their owner presses, for the owner alone. No page of the agency leads here.

Orders and pictures are only in the live Valkey, for minutes.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record_many
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.pictures import re_encode
from integration.cores import locks, policies
from integration.cores.models import Core, DeviceCamera
from integration.live.video import connection, relays
from integration.rules import SNAPSHOT_KEPT, SNAPSHOT_SIDE, SNAPSHOT_WAITS
from registry.places import locks as place_locks
from registry.places.services.cameras import line_of


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


def order_still(wanted: StillOrder) -> None:
    """Order a picture of a camera. The order replaces an earlier one, and deletes the picture that it brought.

    While the live Valkey is away no picture comes, and the page lets the owner press again.
    """
    until = (timezone.now() + SNAPSHOT_WAITS).timestamp()
    said = {"snapshot": str(wanted.snapshot), "channel": wanted.channel, "until": until}
    with suppress(connection.LiveUnavailable), connection.answering() as server:
        pipe = server.pipeline()
        pipe.delete(_still_key(wanted.camera))
        pipe.hset(_orders_key(wanted.core), str(wanted.camera), json.dumps(said))
        pipe.expire(_orders_key(wanted.core), SNAPSHOT_WAITS)
        pipe.execute()
        relays.wake(wanted.core)


def ordered_stills(core: UUID) -> list[StillOrder]:
    with connection.answering() as server:
        found: Any = server.hgetall(_orders_key(core))
    now = timezone.now().timestamp()
    orders = [(UUID(camera.decode()), json.loads(said)) for camera, said in found.items()]
    return [
        StillOrder(UUID(order["snapshot"]), core, camera, order["channel"])
        for camera, order in orders
        if order["until"] > now
    ]


def keep_still(wanted: StillOrder, jpeg: bytes) -> bool:
    """Keep a picture for minutes; return False if it was not ordered, or its order was answered before."""
    with connection.answering() as server:
        if not server.hdel(_orders_key(wanted.core), str(wanted.camera)):
            return False
        at = int(timezone.now().timestamp()).to_bytes(8, "big")
        server.set(_still_key(wanted.camera), at + jpeg, ex=SNAPSHOT_KEPT)
    return True


def _is_still_ordered(core: UUID, camera: UUID) -> bool:
    return any(wanted.camera == camera for wanted in ordered_stills(core))


def _orders_key(core: UUID) -> str:
    return f"snapshots:wanted:{core}"


def _still_key(camera: UUID) -> str:
    return f"snapshots:picture:{camera}"


def take(*, behind: DeviceCamera, by: User) -> None:
    """Have the CORE take a picture of its owner's camera. The order follows the commit of the entry (promise R5).

    Does nothing while an order waits. Raises NotYours for another's camera, Stale if the camera is disconnected, its
    CORE is not active, or the live Valkey is away.
    """
    with transaction.atomic():
        camera = place_locks.own_camera(behind.camera_id, by=by)
        core = locks.own_core(behind.core_id, by=by)
        locked = DeviceCamera.objects.select_for_update(of=("self",), no_key=True).get(pk=behind.pk, core=core)
        policies.must_be_connected(locked)
        policies.must_be_active(core)
        try:
            if _is_still_ordered(core.pk, locked.pk):
                return
        except connection.LiveUnavailable as away:
            sentence = _("We can't take a picture right now. Please try again in a few minutes.")
            raise Stale(sentence, subject=locked.subject) from away
        locked.camera = camera
        facts: dict[str, int | str] = {"core": str(core.pk)}
        record_many(event=Event.SNAPSHOT_TAKEN, actor=by.actor, lines=[line_of(camera, facts=facts)])
        wanted = StillOrder(uuid4(), core.pk, locked.pk, locked.channel)
        transaction.on_commit(lambda: order_still(wanted))


def orders_for(core: Core) -> list[dict[str, Any]]:
    with suppress(connection.LiveUnavailable):
        return [
            {
                "kind": "snapshot",
                "id": str(each.snapshot),
                "channel": each.channel,
                "put": reverse("core_snapshot", args=[each.snapshot]),
            }
            for each in ordered_stills(core.pk)
        ]
    return []


def keep(*, core: Core, snapshot: UUID, picture: bytes) -> None:
    """Keep a CORE's picture in memory for minutes, encoded anew. Raises NotYours, ValidationError, LiveUnavailable."""
    policies.must_be_active(core)
    for wanted in ordered_stills(core.pk):
        # Check again: its owner may have disconnected it since the press.
        if wanted.snapshot == snapshot and core.cameras.filter(pk=wanted.camera, removed_at__isnull=True).exists():
            jpeg = re_encode(ContentFile(picture), longest_side=SNAPSHOT_SIDE, format="JPEG", sender=core.pk)
            if keep_still(wanted, jpeg):
                return
    raise NotYours(_("No such picture was asked for."), subject=core.subject)


def of_camera(behind: DeviceCamera) -> KeptStill | None:
    """Return the latest picture of a camera, or None. The caller checks whose camera it is."""
    found: Any = None
    with suppress(connection.LiveUnavailable), connection.answering() as server:
        found = server.get(_still_key(behind.pk))
    if found is None:
        return None
    at = datetime.fromtimestamp(int.from_bytes(found[:8], "big"), tz=timezone.get_current_timezone())
    return KeptStill(found[8:], at)


def is_on_its_way(behind: DeviceCamera) -> bool:
    with suppress(connection.LiveUnavailable):
        return _is_still_ordered(behind.core_id, behind.pk)
    return False
