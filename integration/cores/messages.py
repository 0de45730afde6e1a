"""Messages about COREs. They are built from ids when rendered, so that no link is ever stored."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from integration.cores.models import Core, DeviceCamera, ProblemKind
from integration.rules import WELL_FOR


def about_core(context: Context) -> Mapping[str, object]:
    """Context: core (id)."""
    core = Core.objects.get(pk=str(context["core"]))
    return {
        "number": core.serial,
        "seen_at": timezone.localtime(core.seen_at or core.received_at),
        "link": absolute(reverse("device", args=[core.pk])),
    }


def about_problems(context: Context) -> Mapping[str, object]:
    """Context: core (id), problems ("CAMERA:KIND CAMERA:KIND"). Leaves out cameras disconnected since."""
    core = Core.objects.get(pk=str(context["core"]))
    told = [each.split(":") for each in str(context["problems"]).split()]
    rows = DeviceCamera.objects.filter(pk__in=[pk for pk, _kind in told], removed_at__isnull=True)
    names = {behind.pk: behind.camera.name for behind in rows.select_related("camera")}
    lines = [{"camera": names[UUID(pk)], "words": ProblemKind(kind).label} for pk, kind in told if UUID(pk) in names]
    return {
        "number": core.serial,
        "lines": lines,
        "minutes": WELL_FOR // timedelta(minutes=1),
        "link": absolute(reverse("device", args=[core.pk])),
    }
