"""Cameras of a registrant. Any kind is welcome; only the place is required (promise R10).

From the moment a camera is paused, no search finds it and no new request asks about it. An earlier request stays its
owner's to answer. A deputy can't tell a paused camera from one that was never registered.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import Line, record_many
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.database import writing as database
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.pictures import re_encode
from fusus_portal.ground.rows import set_changed
from registry.places import hooks, locks, policies, snapshot_files
from registry.places.models import CAMERA_ONCE, Camera, Premises
from registry.registrants.models import Registrant
from registry.rules import SNAPSHOT_SIDE


@dataclass(frozen=True, slots=True)
class CameraDetails:
    """A camera as its owner describes it. Only the name is needed. covers: its view, in a few words.

    facing: degrees from north, clockwise. angle: degrees. reach_m: meters. days_kept: by the device itself.
    """

    name: str
    kind: str = ""
    make: str = ""
    model: str = ""
    covers: str = ""
    facing: int | None = None
    angle: int | None = None
    reach_m: int | None = None
    days_kept: int | None = None


def add(*, premises: Premises, by: User, details: CameraDetails) -> Camera:
    """Add a camera to a place. Raises ValidationError by field, NotYours, and Stale for a removed place."""
    with transaction.atomic():
        locked = locks.own_premises(premises.pk, by=by)
        policies.must_be_registered(locked)
        policies.check_room_for_camera(Camera.objects.registered().filter(premises=locked).count())
        (camera,) = write(premises=locked, cameras=[details], actor=by.actor)
    return camera


def change(*, camera: Camera, by: User, details: CameraDetails) -> Camera:
    """Change the description of a camera. The entry names the fields, never their content."""
    with transaction.atomic():
        locked = locks.own_camera(camera.pk, by=by)
        _must_be_registered(locked)
        changed = set_changed(locked, _tidy(details))
        if not changed:
            return locked
        locked.full_clean(exclude=["premises"], validate_unique=False, validate_constraints=False)
        with _once():
            locked.save(update_fields=changed)
        line = line_of(locked, facts={"fields": " ".join(changed)})
        record_many(event=Event.CAMERA_CHANGED, actor=by.actor, lines=[line])
    return locked


def remove(*, camera: Camera, by: User) -> Camera:
    """Remove a camera from the registry: no search finds it. Doing it twice has one effect."""
    with transaction.atomic():
        locked = locks.own_camera(camera.pk, by=by)
        if locked.removed_at is not None:
            return locked
        for follower in hooks.registrants:
            follower.cameras_end([locked], by.actor)
        locked.removed_at, locked.snapshot, locked.snapshot_at = timezone.now(), "", None
        locked.save(update_fields=["removed_at", "snapshot", "snapshot_at"])
        record_many(event=Event.CAMERA_REMOVED, actor=by.actor, lines=[line_of(locked)])
        transaction.on_commit(partial(snapshot_files.delete, locked.pk))
    return locked


def write(*, premises: Premises, cameras: Sequence[CameraDetails], actor: Actor) -> list[Camera]:
    """Write new cameras and their entries, inside the caller's transaction."""
    written = []
    for details in cameras:
        camera = Camera(premises=premises, **_tidy(details))
        camera.full_clean(exclude=["premises"], validate_unique=False, validate_constraints=False)
        with _once():
            camera.save(force_insert=True)
        written.append(camera)
    record_many(event=Event.CAMERA_ADDED, actor=actor, lines=[line_of(camera) for camera in written])
    return written


def line_of(camera: Camera, *, facts: dict[str, int | str] | None = None) -> Line:
    """Return the line of an entry about a camera, whose premises must be loaded."""
    return Line(subject=camera.subject, camera=str(camera.pk), **camera.premises.in_log, facts=facts or {})


def _must_be_registered(camera: Camera) -> None:
    if camera.removed_at is not None:
        raise Stale(_("This camera is no longer in the registry."), subject=camera.subject)


def pause(*, camera: Camera, by: User) -> Camera:
    """Pause a camera. Doing it twice has one effect. Raises NotYours, or Stale for a removed camera."""
    return _one(camera, by, paused_at=timezone.now())


def resume(*, camera: Camera, by: User) -> Camera:
    """End the pause of a camera. Doing it twice has one effect. Raises NotYours, or Stale for a removed camera."""
    return _one(camera, by, paused_at=None)


def pause_all(*, registrant: Registrant, by: User) -> int:
    """Pause all of a person's cameras; return how many were not paused before."""
    with transaction.atomic():
        return _set(locks.own_cameras(registrant.pk, by=by), by, paused_at=timezone.now())


def resume_all(*, registrant: Registrant, by: User) -> int:
    """End the pauses of all of a person's cameras; return how many were paused."""
    with transaction.atomic():
        return _set(locks.own_cameras(registrant.pk, by=by), by, paused_at=None)


def _once() -> database.Refusal:
    return database.refuse_duplicate(CAMERA_ONCE, field="name", sentence=policies.camera_here())


def _tidy(details: CameraDetails) -> dict[str, str | int | None]:
    tidy = {
        field: " ".join(value.split()) if isinstance(value, str) else value for field, value in asdict(details).items()
    }
    policies.check_no_way_in(tidy)
    policies.check_direction(tidy["facing"], tidy["angle"], tidy["reach_m"])
    return tidy


def _one(camera: Camera, by: User, *, paused_at: datetime | None) -> Camera:
    with transaction.atomic():
        locked = locks.own_camera(camera.pk, by=by)
        _must_be_registered(locked)
        _set([locked], by, paused_at=paused_at)
    return locked


def _set(cameras: Sequence[Camera], by: User, *, paused_at: datetime | None) -> int:
    changed = [camera for camera in cameras if (camera.paused_at is None) != (paused_at is None)]
    for camera in changed:
        camera.paused_at = paused_at
    if changed:
        bulk_update_with_history(changed, Camera, ["paused_at"], default_user=by)
    if paused_at is not None:
        for follower in hooks.registrants:
            follower.cameras_pause(changed, by.actor)
    event = Event.CAMERA_RESUMED if paused_at is None else Event.CAMERA_PAUSED
    record_many(event=event, actor=by.actor, lines=[line_of(camera) for camera in changed])
    return len(changed)


SNAPSHOT_SWEEPER = "registry.sweep_snapshots"
SNAPSHOT_LEFT_ALONE = timedelta(hours=1)
"""The sweep leaves pictures younger than this alone: one may be about to be saved."""


def keep_snapshot(*, camera: Camera, by: User, upload: File[bytes]) -> Camera:
    """Keep a picture of a camera's view, encoded again, replacing the last. Raises ValidationError, NotYours, Stale."""
    try:
        picture = re_encode(upload, longest_side=SNAPSHOT_SIDE, format="JPEG", sender=by.pk)
    except ValidationError as wrong:
        raise ValidationError({"picture": wrong.messages}) from wrong
    with transaction.atomic():
        locked = locks.own_camera(camera.pk, by=by)
        _must_be_registered(locked)
        locked.snapshot, locked.snapshot_at = snapshot_files.new_key(locked.pk), timezone.now()
        locked.save(update_fields=["snapshot", "snapshot_at"])
        record_many(event=Event.SNAPSHOT_KEPT, actor=by.actor, lines=[line_of(locked)])
        snapshot_files.keep(locked.snapshot, picture)
        transaction.on_commit(partial(snapshot_files.delete, locked.pk, but=locked.snapshot))
    return locked


def sweep_snapshots() -> int:
    """Delete pictures on disk that no camera has, left by killed processes; return how many."""
    keys = list(snapshot_files.keys_before(timezone.now() - SNAPSHOT_LEFT_ALONE))
    kept = set(Camera.objects.filter(snapshot__in=keys).values_list("snapshot", flat=True))
    left = [key for key in keys if key not in kept]
    for key in left:
        snapshot_files.discard(key)
    return len(left)


def remove_snapshot(*, camera: Camera, by: User) -> Camera:
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
