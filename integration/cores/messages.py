"""What messages about COREs say. Built from ids when they are rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from integration.cores.models import Core


def about_core(context: Context) -> Mapping[str, object]:
    """Context: core (id)."""
    core = Core.objects.get(pk=str(context["core"]))
    return {
        "number": core.serial,
        "seen_at": timezone.localtime(core.seen_at or core.received_at),
        "link": absolute(reverse("device", args=[core.pk])),
    }
