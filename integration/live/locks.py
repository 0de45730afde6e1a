"""Locks of viewed cameras and of views. Every act takes them in the same order."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import find_or_refuse
from integration.cores.models import DeviceCamera
from integration.live import selectors
from integration.live.models import ViewGrant
from integration.live.states import GrantState
from registry.registrants import locks as registrant_locks


def hold_camera(camera: DeviceCamera) -> DeviceCamera:
    """Lock a camera after its owner, so that nobody pauses, disconnects or suspends it meanwhile. Raises NotYours."""
    owner = DeviceCamera.objects.filter(pk=camera.pk).values_list("camera__premises__registrant", flat=True)
    registrant_locks.owners(owner)
    locked = DeviceCamera.objects.select_for_update(of=("self",), no_key=True)
    rows = locked.select_related("core", "camera__premises__registrant__user").filter(pk=camera.pk)
    return find_or_refuse(rows, _("There is no such camera."), subject=camera.subject)


def running_view(view: ViewGrant) -> ViewGrant | None:
    return next(iter(running_views([view.pk])), None)


def running_views(pks: Iterable[UUID]) -> list[ViewGrant]:
    """Lock running views and return them by camera, so that two acts lock the cameras' counters in the same order."""
    wanted = sorted(pks)
    rows = ViewGrant.objects.select_for_update(no_key=True).filter(pk__in=wanted, state=GrantState.RUNNING)
    held = list(rows.order_by("pk").values_list("pk", flat=True))
    return list(selectors.views_with_facts().filter(pk__in=held).order_by("camera__camera", "pk"))
