from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record_many
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.database import writing as database
from integration import hooks
from integration.cores import locks, policies
from integration.cores.models import CAMERA_ONCE, CHANNEL_ONCE, CameraProblem, Core, DeviceCamera, PictureState
from registry.places import locks as place_locks
from registry.places.models import Camera
from registry.places.services.cameras import line_of


def connect(*, core: Core, camera: Camera, channel: str, by: User) -> DeviceCamera:
    """Connect an owner's camera to a channel of the CORE at its place. Raises ValidationError, NotYours, Stale."""
    with transaction.atomic():
        found = place_locks.own_camera(camera.pk, by=by)
        locked = locks.own_core(core.pk, by=by)
        policies.must_be_active(locked)
        policies.check_camera(found, core=locked)
        name = policies.check_channel(channel, core=locked)
        policies.check_room(locked, behind=locked.cameras.filter(removed_at__isnull=True).count())
        behind = DeviceCamera(core=locked, camera=found, channel=name, picture=locked.channels[name])
        behind.picture_at = locked.seen_at
        with (
            database.refuse_duplicate(CAMERA_ONCE, field="camera", sentence=_("This camera is connected already.")),
            database.refuse_duplicate(
                CHANNEL_ONCE, field="channel", sentence=_("A camera is connected to this channel already.")
            ),
        ):
            behind.save(force_insert=True)
        _record(Event.DEVICE_CAMERA_CONNECTED, [behind], by.actor)
    return behind


def disconnect(*, behind: DeviceCamera, by: User) -> DeviceCamera:
    """Disconnect an owner's camera from its CORE, at once. It stays registered. Raises NotYours, Stale."""
    with transaction.atomic():
        place_locks.own_camera(behind.camera_id, by=by)
        locks.own_core(behind.core_id, by=by)
        locked = _rows().get(pk=behind.pk)
        policies.must_be_connected(locked)
        _remove([locked], by.actor)
    return locked


def disconnect_all(*, core: Core, actor: Actor) -> None:
    """Disconnect every camera of a locked CORE, inside the caller's transaction."""
    _remove(_connected(core), actor)


def disconnect_these(cameras: Sequence[Camera], actor: Actor) -> None:
    _remove(list(_rows().filter(camera__in=cameras, removed_at__isnull=True).order_by("pk")), actor)


def carry_over(*, old: Core, new: Core, actor: Actor) -> int:
    """Move the cameras of a locked CORE to its successor, with their sharing rules; return the number of cameras."""
    rows = _connected(old)
    for behind in rows:
        behind.core, behind.picture, behind.picture_at = new, PictureState.UNKNOWN, None
        behind.save(update_fields=["core", "picture", "picture_at"])
    _note_move(Event.DEVICE_CAMERA_CONNECTED, rows, actor)
    return len(rows)


def _connected(core: Core) -> list[DeviceCamera]:
    return list(_rows().filter(core=core, removed_at__isnull=True).order_by("pk"))


def _rows() -> QuerySet[DeviceCamera]:
    rows = DeviceCamera.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("camera__premises")


def _remove(rows: list[DeviceCamera], actor: Actor) -> None:
    now = timezone.now()
    for behind in rows:
        behind.removed_at = now
        behind.save(update_fields=["removed_at"])
    _note_move(Event.DEVICE_CAMERA_DISCONNECTED, rows, actor)


def _note_move(event: Event, rows: list[DeviceCamera], actor: Actor) -> None:
    """Forget the problems of cameras that left their CORE, end their refused views, and record the move."""
    CameraProblem.objects.filter(behind__in=rows).delete()
    hooks.permission_changed.answer(actor=actor, cameras=[behind.camera_id for behind in rows])
    _record(event, rows, actor)


def _record(event: Event, rows: list[DeviceCamera], actor: Actor) -> None:
    # The name of a channel is the owner's own word, and the log keeps none of these.
    lines = [line_of(behind.camera, facts={"core": str(behind.core_id)}) for behind in rows]
    record_many(event=event, actor=actor, lines=lines)
