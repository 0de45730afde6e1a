"""Locks of viewed cameras and of views. Every act takes them in the same order."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import NotYours
from integration.cores.models import DeviceCamera
from integration.live import selectors
from integration.live.models import ViewGrant
from integration.live.states import GrantState
from registry.registrants import locks as registrant_locks


def hold_camera(camera: DeviceCamera) -> DeviceCamera:
    """Lock a camera as `hold_cameras` does. Raises NotYours if there is no such camera."""
    if held := hold_cameras([camera]):
        return held[0]
    raise NotYours(_("There is no such camera."), subject=camera.subject)


def hold_cameras(cameras: Collection[DeviceCamera]) -> list[DeviceCamera]:
    """Lock cameras after their owners, so that nobody pauses, disconnects or suspends them meanwhile.

    Returns those that are still there by registered camera, as acts lock their counters.
    """
    wanted = [each.pk for each in cameras]
    registrant_locks.owners(
        DeviceCamera.objects.filter(pk__in=wanted).values_list("camera__premises__registrant", flat=True)
    )
    locked = DeviceCamera.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted)
    return list(locked.select_related("core", "camera__premises__registrant__user").order_by("camera", "pk"))


def watched_view(view: ViewGrant) -> ViewGrant | None:
    """Lock a running view, and return it with no more than the entry of a minute says: a wall asks nine at once."""
    rows = ViewGrant.objects.select_for_update(of=("self",), no_key=True).filter(pk=view.pk, state=GrantState.RUNNING)
    return next(iter(rows.select_related("deputy", "incident__type", "camera__camera__premises")), None)


def running_view(view: ViewGrant) -> ViewGrant | None:
    return next(iter(running_views([view.pk])), None)


def running_views(pks: Iterable[UUID]) -> list[ViewGrant]:
    """Lock running views and return them by camera, so that two acts lock the cameras' counters in the same order."""
    wanted = sorted(pks)
    rows = ViewGrant.objects.select_for_update(no_key=True).filter(pk__in=wanted, state=GrantState.RUNNING)
    held = list(rows.order_by("pk").values_list("pk", flat=True))
    return list(selectors.views_with_facts().filter(pk__in=held).order_by("camera__camera", "pk"))
