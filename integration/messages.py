"""What the messages of integration say. Built from ids when a message is rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone

from fusus_portal.notifications import kinds
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context, MessageKind
from integration.models import Core


def register_builders() -> None:
    """Register the builder of each kind of integration."""
    kinds.register(MessageKind.CORE_OFFLINE, about_core)
    kinds.register(MessageKind.CORE_ONLINE, about_core)


def about_core(context: Context) -> Mapping[str, object]:
    """Context: core (id)."""
    core = Core.objects.get(pk=str(context["core"]))
    return {
        "number": core.serial,
        "seen_at": timezone.localtime(core.seen_at or core.received_at),
        "link": absolute(reverse("device", args=[core.pk])),
    }
