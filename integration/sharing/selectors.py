"""What a business shares."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit.events import Event
from audit.models import AuditEntry
from audit.selectors import entries_of_cameras
from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import NotYours
from integration.models import DeviceCamera, SharingPause, SharingRule
from registry.models import Camera, Registrant

CONSENTS = (Event.SHARING_RULE_CHANGED, Event.SHARING_BEGUN, Event.SHARING_STOPPED)
"""What an owner says of one camera. What is said of all of them, agreements and pauses, stands in rows of their own."""


VIEWS = (Event.VIEW_STARTED, Event.VIEW_EXTENDED, Event.VIEW_WATCHED, Event.VIEW_ENDED)
"""What is done in a live view of one camera."""


def _connected() -> QuerySet[DeviceCamera]:
    return DeviceCamera.objects.filter(removed_at__isnull=True, camera__removed_at__isnull=True).select_related(
        "camera__premises__registrant", "core", "rule"
    )


def cameras_of(registrant: Registrant) -> QuerySet[DeviceCamera]:
    """Return a business's connected cameras with their rules, in one query."""
    found = _connected().filter(camera__premises__registrant=registrant)
    return found.order_by("camera__premises__added_at", "camera__added_at", "pk")


def camera(by: User, pk: UUID) -> DeviceCamera:
    """Return one of a business's own connected cameras. Raises NotYours."""
    found = _connected().filter(pk=pk, camera__premises__registrant__user=by).first()
    if found is None:
        raise NotYours(_("There is no such camera."), subject=("device_camera", str(pk)))
    return found


def rule_of(camera: DeviceCamera) -> SharingRule | None:
    """Return what its owner has set, None before."""
    return SharingRule.objects.filter(camera=camera).first()


def pause_of(registrant: Registrant) -> SharingPause | None:
    """Return the pause that lasts, if there is one."""
    return SharingPause.objects.filter(registrant=registrant, ended_at__isnull=True).first()


def pauses_of(registrant: Registrant) -> QuerySet[SharingPause]:
    """Return every pause, newest first."""
    return SharingPause.objects.filter(registrant=registrant).order_by("-began_at", "pk")


def views_of(camera: DeviceCamera) -> QuerySet[AuditEntry]:
    """Return what the log says of live views of a camera, newest first."""
    return entries_of_cameras([str(camera.camera_id)]).filter(event__in=VIEWS)


def consents_about(cameras: Iterable[Camera]) -> QuerySet[AuditEntry]:
    """Return what was said about sharing these cameras, newest first: the consent ledger."""
    return entries_of_cameras([str(camera.pk) for camera in cameras]).filter(event__in=CONSENTS)
