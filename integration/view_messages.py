"""What messages about live views say. Built from ids when they are rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone

from fusus_portal.notifications import kinds
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context, MessageKind
from integration.models import ViewGrant, WatchFlag
from integration.presenters.watch_hours import flag_sentence


def register_builders() -> None:
    """Register the builders."""
    kinds.register(MessageKind.LIVE_VIEWED, live_viewed)
    kinds.register(MessageKind.WATCH_FLAGGED, watch_flagged)


def live_viewed(context: Context) -> Mapping[str, object]:
    """Context: view (id), camera (what its owner calls it)."""
    grant = ViewGrant.objects.select_related("incident", "deputy").get(pk=str(context["view"]))
    return {
        "number": f"V-{grant.pk.hex[:8].upper()}",
        "incident_number": grant.incident.number,
        "deputy": grant.deputy.pseudonym,
        "camera": context["camera"],
        "began_at": timezone.localtime(grant.began_at),
        "minutes": grant.minutes,
        "link": absolute(reverse("looks")),
    }


def watch_flagged(context: Context) -> Mapping[str, object]:
    """Context: flag (id), is_auditor (1 or 0): others can't open the page."""
    flag = WatchFlag.objects.get(pk=str(context["flag"]))
    return {
        "number": f"W-{flag.pk.hex[:8].upper()}",
        "what": flag_sentence(flag),
        "link": absolute(reverse("watch_hours")) if context["is_auditor"] else "",
    }
