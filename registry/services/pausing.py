"""Pauses: while a camera is paused, no search finds it and no new request asks about it. At once, at any time.

A request that was sent before stays its owner's to answer. A deputy can't tell a paused camera from one that was
never registered.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from audit.events import Event
from audit.services import record_many
from fusus_portal.accounts.models import User
from registry import followers
from registry.models import Camera, Registrant
from registry.services import locking
from registry.services.cameras import line_of, must_be_registered


def pause(*, camera: Camera, by: User) -> Camera:
    """Pause a camera. Doing it twice has one effect. Raises NotYours, or Stale for a removed camera."""
    return _one(camera, by, paused_at=timezone.now())


def resume(*, camera: Camera, by: User) -> Camera:
    """End the pause of a camera. Doing it twice has one effect. Raises NotYours, or Stale for a removed camera."""
    return _one(camera, by, paused_at=None)


def pause_all(*, registrant: Registrant, by: User) -> int:
    """Pause all of a person's cameras; return how many were not paused before."""
    with transaction.atomic():
        return _set(locking.own_cameras(registrant.pk, by=by), by, paused_at=timezone.now())


def resume_all(*, registrant: Registrant, by: User) -> int:
    """End every pause of a person's cameras; return how many there were."""
    with transaction.atomic():
        return _set(locking.own_cameras(registrant.pk, by=by), by, paused_at=None)


def _one(camera: Camera, by: User, *, paused_at: datetime | None) -> Camera:
    with transaction.atomic():
        locked = locking.own_camera(camera.pk, by=by)
        must_be_registered(locked)
        _set([locked], by, paused_at=paused_at)
    return locked


def _set(cameras: Sequence[Camera], by: User, *, paused_at: datetime | None) -> int:
    """Set or end the pause of locked cameras, in a number of queries that does not depend on how many."""
    changed = [camera for camera in cameras if (camera.paused_at is None) != (paused_at is None)]
    for camera in changed:
        camera.paused_at = paused_at
    if changed:
        bulk_update_with_history(changed, Camera, ["paused_at"], default_user=by)
    if paused_at is not None:
        for follower in followers.all_followers():
            follower.cameras_pause(changed, by.actor)
    event = Event.CAMERA_RESUMED if paused_at is None else Event.CAMERA_PAUSED
    record_many(event=event, actor=by.actor, lines=[line_of(camera) for camera in changed])
    return len(changed)
