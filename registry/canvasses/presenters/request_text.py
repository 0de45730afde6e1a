from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.selectors import shown
from fusus_portal.ground.notifications.addresses import absolute
from registry.canvasses.models.canvasses import Canvass
from registry.limits.models import Limits

PREVIEW_TOKEN = "example"  # noqa: S105  (a link that leads nowhere, for the deputy who reads the message first)
PREVIEW_NUMBER = "R-00000000"


def sample_request(canvass: Canvass, sender: User, limits: Limits) -> Mapping[str, object]:
    return {
        **about(canvass, sender),
        "number": PREVIEW_NUMBER,
        "cameras": [_("the cameras of each owner, by name")],
        "link": absolute(reverse("reply", args=[PREVIEW_TOKEN])),
        "expires_at": timezone.localtime(timezone.now() + limits.link_life),
        "receipt": absolute(reverse("log_receipts", args=[PREVIEW_TOKEN])),
    }


def about(canvass: Canvass, deputy: User) -> dict[str, object]:
    incident = canvass.incident
    return {
        "incident_number": incident.number,
        "incident_type": incident.type.label,
        "purpose": canvass.purpose.label,
        "place": incident.place_in_words,
        "starts_at": timezone.localtime(canvass.starts_at),
        "ends_at": timezone.localtime(canvass.ends_at),
        **caller(deputy),
    }


def caller(deputy: User) -> dict[str, object]:
    return {
        "deputy": deputy.badge,
        "call_back_number": deputy.call_back_number or shown().phone,
    }
