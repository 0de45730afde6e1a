"""The cameras of a registrant. Any kind is welcome; only the place is required (promise R10)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.events import Event
from audit.services import Line, record_many
from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import Stale
from registry import doubled, followers, snapshots
from registry.models import Camera, Premises
from registry.models.cameras import CAMERA_ONCE
from registry.policies.places import camera_here, check_room_for_camera
from registry.policies.texts import check_no_way_in
from registry.services import locking


@dataclass(frozen=True, slots=True)
class CameraDetails:
    """A camera as its owner describes it. Only the name is needed; covers: what it sees, in a few words.

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
    """Add a camera to a place. Raises ValidationError by field, NotYours for another's place, Stale for a removed one.

    A second camera of the same name at the same place is refused, whether typed twice or sent by two tabs at once.
    """
    with transaction.atomic():
        locked = locking.own_premises(premises.pk, by=by)
        locking.must_be_registered(locked)
        check_room_for_camera(Camera.objects.registered().filter(premises=locked).count())
        (camera,) = write(premises=locked, cameras=[details], actor=by.actor)
    return camera


def change(*, camera: Camera, by: User, details: CameraDetails) -> Camera:
    """Change what an owner says about a camera. The entry names the fields, never what stands in them."""
    with transaction.atomic():
        locked = locking.own_camera(camera.pk, by=by)
        must_be_registered(locked)
        wanted = _tidy(details)
        changed = [field for field, value in wanted.items() if getattr(locked, field) != value]
        if not changed:
            return locked
        for field in changed:
            setattr(locked, field, wanted[field])
        locked.full_clean(exclude=["premises"], validate_unique=False, validate_constraints=False)
        with _once():
            locked.save(update_fields=changed)
        line = line_of(locked, facts={"fields": " ".join(changed)})
        record_many(event=Event.CAMERA_CHANGED, actor=by.actor, lines=[line])
    return locked


def remove(*, camera: Camera, by: User) -> Camera:
    """Take a camera out of the registry: it is in no search any more. Doing it twice has one effect."""
    with transaction.atomic():
        locked = locking.own_camera(camera.pk, by=by)
        if locked.removed_at is not None:
            return locked
        for follower in followers.all_followers():
            follower.cameras_end([locked], by.actor)
        locked.removed_at, locked.snapshot, locked.snapshot_at = timezone.now(), "", None
        locked.save(update_fields=["removed_at", "snapshot", "snapshot_at"])
        record_many(event=Event.CAMERA_REMOVED, actor=by.actor, lines=[line_of(locked)])
        transaction.on_commit(partial(snapshots.delete, locked.pk))
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
    """Return the entry's line of an act on a camera; its premises must be loaded."""
    return Line(
        subject=camera.subject,
        camera=str(camera.pk),
        premises_type=camera.premises.kind,
        area=camera.premises.zip_code[:5],
        facts=facts or {},
    )


def must_be_registered(camera: Camera) -> None:
    """Raise Stale for a camera that its owner has removed meanwhile."""
    if camera.removed_at is not None:
        raise Stale(_("This camera is no longer in the registry."), subject=camera.subject)


def _once() -> "doubled.Refusal":
    return doubled.refused(CAMERA_ONCE, field="name", sentence=camera_here())


def _tidy(details: CameraDetails) -> dict[str, str | int | None]:
    """Return the columns, with single spaces. Raises ValidationError by field."""
    tidy = {
        field: " ".join(value.split()) if isinstance(value, str) else value for field, value in asdict(details).items()
    }
    check_no_way_in(tidy)
    if tidy["facing"] is None and (tidy["angle"] is not None or tidy["reach_m"] is not None):
        raise ValidationError({"facing": _("Say where the camera faces, or leave width and reach empty.")})
    return tidy
