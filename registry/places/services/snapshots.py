"""Pictures of cameras' views, for their owners alone: no page of the agency shows them."""

from datetime import timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record_many
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pictures import re_encode
from registry.places import locks, snapshot_files
from registry.places.models import Camera
from registry.places.services.cameras import line_of, must_be_registered
from registry.rules import SNAPSHOT_SIDE

SWEEPER = "registry.sweep_snapshots"
LEFT_ALONE = timedelta(hours=1)
"""A younger picture may be one that is being saved."""


def keep(*, camera: Camera, by: User, upload: File[bytes]) -> Camera:
    """Keep a picture of a camera's view, encoded again without anything else of the file; it replaces the last one.

    Raises ValidationError on "picture" for another file or one that is too large, NotYours, or Stale for a removed
    camera.
    """
    try:
        picture = re_encode(upload, longest_side=SNAPSHOT_SIDE, format="JPEG", sender=by.pk)
    except ValidationError as wrong:
        raise ValidationError({"picture": wrong.messages}) from wrong
    with transaction.atomic():
        locked = locks.own_camera(camera.pk, by=by)
        must_be_registered(locked)
        locked.snapshot, locked.snapshot_at = snapshot_files.new_key(locked.pk), timezone.now()
        locked.save(update_fields=["snapshot", "snapshot_at"])
        record_many(event=Event.SNAPSHOT_KEPT, actor=by.actor, lines=[line_of(locked)])
        snapshot_files.keep(locked.snapshot, picture)
        transaction.on_commit(partial(snapshot_files.delete, locked.pk, but=locked.snapshot))
    return locked


def sweep() -> int:
    """Delete pictures on disk that no camera has, left by killed processes; return how many."""
    keys = list(snapshot_files.keys_before(timezone.now() - LEFT_ALONE))
    kept = set(Camera.objects.filter(snapshot__in=keys).values_list("snapshot", flat=True))
    left = [key for key in keys if key not in kept]
    for key in left:
        snapshot_files.discard(key)
    return len(left)


def remove(*, camera: Camera, by: User) -> Camera:
    """Delete the picture of a camera's view. Doing it twice has one effect."""
    with transaction.atomic():
        locked = locks.own_camera(camera.pk, by=by)
        if not locked.snapshot:
            return locked
        locked.snapshot, locked.snapshot_at = "", None
        locked.save(update_fields=["snapshot", "snapshot_at"])
        record_many(event=Event.SNAPSHOT_REMOVED, actor=by.actor, lines=[line_of(locked)])
        transaction.on_commit(partial(snapshot_files.delete, locked.pk))
    return locked
