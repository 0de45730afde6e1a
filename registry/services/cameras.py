"""The cameras of a registrant. Any kind is welcome; only the place is required (promise R10)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.events import Event
from audit.services import Line, record_many
from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import Stale
from registry.models import Camera, Premises
from registry.services import locking


@dataclass(frozen=True, slots=True)
class CameraDetails:
    """A camera as its owner describes it. Only the name is needed; covers: what it sees, in a few words."""

    name: str
    kind: str = ""
    make: str = ""
    model: str = ""
    covers: str = ""


def add(*, premises: Premises, by: User, details: CameraDetails) -> Camera:
    """Add a camera to a place. Raises ValidationError by field, NotYours for another's place."""
    with transaction.atomic():
        locked = locking.own_premises(premises.pk, by=by)
        (camera,) = write(premises=locked, cameras=[details], actor=by.actor)
    return camera


def change(*, camera: Camera, by: User, details: CameraDetails) -> Camera:
    """Change what an owner says about a camera. The entry names the fields, never what stands in them."""
    with transaction.atomic():
        locked = locking.own_camera(camera.pk, by=by)
        _must_be_registered(locked)
        wanted = _tidy(details)
        changed = [field for field, value in wanted.items() if getattr(locked, field) != value]
        if not changed:
            return locked
        for field in changed:
            setattr(locked, field, wanted[field])
        locked.full_clean(exclude=["premises"], validate_unique=False)
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
        locked.removed_at = timezone.now()
        locked.save(update_fields=["removed_at"])
        record_many(event=Event.CAMERA_REMOVED, actor=by.actor, lines=[line_of(locked)])
    return locked


def write(*, premises: Premises, cameras: Sequence[CameraDetails], actor: Actor) -> list[Camera]:
    """Write new cameras and their entries, inside the caller's transaction."""
    written = []
    for details in cameras:
        camera = Camera(premises=premises, **_tidy(details))
        camera.full_clean(exclude=["premises"], validate_unique=False)
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


def _tidy(details: CameraDetails) -> dict[str, str]:
    return {field: " ".join(text.split()) for field, text in asdict(details).items()}


def _must_be_registered(camera: Camera) -> None:
    if camera.removed_at is not None:
        raise Stale(_("This camera is no longer in the registry."), subject=camera.subject)
