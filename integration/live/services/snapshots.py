"""Still pictures at the owner's own press, for the owner alone. No page of the agency leads here."""

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record_many
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.pictures import re_encode
from integration.cores import locks, policies
from integration.cores.models import Core, DeviceCamera
from integration.live.video import snapshots, wakes
from integration.live.video.connection import LiveUnavailable
from integration.live.video.snapshots import KeptStill, StillOrder
from integration.rules import SNAPSHOT_SIDE
from registry.places import locks as place_locks
from registry.places.services.cameras import line_of


def take(*, behind: DeviceCamera, by: User) -> None:
    """Ask the CORE for a picture of one's own camera. The order follows the commit of the entry (promise R5).

    While one is on its way this asks for no other. Raises NotYours for another's, Stale if it is no longer connected,
    its CORE is not active, or nothing can be kept just now.
    """
    with transaction.atomic():
        camera = place_locks.own_camera(behind.camera_id, by=by)
        core = locks.own_core(behind.core_id, by=by)
        locked = DeviceCamera.objects.select_for_update(of=("self",), no_key=True).get(pk=behind.pk, core=core)
        policies.must_be_connected(locked)
        policies.must_be_active(core)
        try:
            if snapshots.waits_for(core.pk, locked.pk):
                return
        except LiveUnavailable as away:
            sentence = _("We can't take a picture right now. Please try again in a few minutes.")
            raise Stale(sentence, subject=locked.subject) from away
        locked.camera = camera
        facts: dict[str, int | str] = {"core": str(core.pk)}
        record_many(event=Event.SNAPSHOT_TAKEN, actor=by.actor, lines=[line_of(camera, facts=facts)])
        wanted = StillOrder(uuid4(), core.pk, locked.pk, locked.channel)
        transaction.on_commit(lambda: _ask(wanted))


def orders_for(core: Core) -> list[dict[str, Any]]:
    """Return the pictures that a CORE is asked for now; none while the live Valkey is away."""
    try:
        wanted = snapshots.wanted_of(core.pk)
    except LiveUnavailable:
        return []
    return [
        {
            "kind": "snapshot",
            "id": str(each.snapshot),
            "channel": each.channel,
            "put": reverse("core_snapshot", args=[each.snapshot]),
        }
        for each in wanted
    ]


def keep(*, core: Core, snapshot: UUID, picture: bytes) -> None:
    """Keep a picture, encoded again, in memory for minutes. Raises NotYours, ValidationError, LiveUnavailable."""
    policies.must_be_active(core)
    wanted = next((each for each in snapshots.wanted_of(core.pk) if each.snapshot == snapshot), None)
    # Check again: its owner may have disconnected it since the press.
    if wanted is None or not core.cameras.filter(pk=wanted.camera, removed_at__isnull=True).exists():
        raise NotYours(_("No such picture was asked for."), subject=core.subject)
    jpeg = re_encode(ContentFile(picture), longest_side=SNAPSHOT_SIDE, format="JPEG", sender=core.pk)
    if not snapshots.keep(wanted, jpeg):
        raise NotYours(_("No such picture was asked for."), subject=core.subject)


def of_camera(behind: DeviceCamera) -> KeptStill | None:
    """Return the latest picture of a camera, or None. The caller has checked whose camera it is."""
    try:
        return snapshots.of_camera(behind.pk)
    except LiveUnavailable:
        return None


def is_on_its_way(behind: DeviceCamera) -> bool:
    try:
        return snapshots.waits_for(behind.core_id, behind.pk)
    except LiveUnavailable:
        return False


def _ask(wanted: StillOrder) -> None:
    # Then no picture comes, and the page lets the owner press again.
    with suppress(LiveUnavailable):
        snapshots.want(wanted)
        wakes.wake(wanted.core)
