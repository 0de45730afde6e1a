"""The picture of what a camera sees. It is for its owner alone: no page of the agency shows it."""

from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from audit.events import Event
from audit.services import record_many
from fusus_portal.accounts.models import User
from fusus_portal.pictures import re_encode
from registry import snapshots
from registry.models import Camera
from registry.rules import SNAPSHOT_SIDE
from registry.services import locking
from registry.services.cameras import line_of, must_be_registered


def keep(*, camera: Camera, by: User, upload: File[bytes]) -> Camera:
    """Keep a picture of what a camera sees, encoded anew without anything else of the file; it replaces the last one.

    Raises ValidationError on "picture" for what is no picture or too large, NotYours, or Stale for a removed camera.
    """
    try:
        picture = re_encode(upload, longest_side=SNAPSHOT_SIDE, format="JPEG")
    except ValidationError as wrong:
        raise ValidationError({"picture": wrong.messages}) from wrong
    with transaction.atomic():
        locked = locking.own_camera(camera.pk, by=by)
        must_be_registered(locked)
        locked.snapshot, locked.snapshot_at = snapshots.new_key(locked.pk), timezone.now()
        locked.save(update_fields=["snapshot", "snapshot_at"])
        record_many(event=Event.SNAPSHOT_KEPT, actor=by.actor, lines=[line_of(locked)])
        snapshots.keep(locked.snapshot, picture)
        transaction.on_commit(partial(snapshots.delete, locked.pk, but=locked.snapshot))
    return locked


def remove(*, camera: Camera, by: User) -> Camera:
    """Delete the picture of what a camera sees. Doing it twice has one effect."""
    with transaction.atomic():
        locked = locking.own_camera(camera.pk, by=by)
        if not locked.snapshot:
            return locked
        locked.snapshot, locked.snapshot_at = "", None
        locked.save(update_fields=["snapshot", "snapshot_at"])
        record_many(event=Event.SNAPSHOT_REMOVED, actor=by.actor, lines=[line_of(locked)])
        transaction.on_commit(partial(snapshots.delete, locked.pk))
    return locked
