"""What the messages of canvasses and requests say. Built when they are rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.agency.selectors import shown
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context
from registry.access_log import receipt_links
from registry.canvasses.models.canvasses import Canvass, FootageRequest
from registry.canvasses.request_links import token_for
from registry.limits.models import Limits

PREVIEW_TOKEN = "example"  # noqa: S105  (a link that leads nowhere, for the deputy who reads the message first)
PREVIEW_NUMBER = "R-00000000"


def footage_request(context: Context) -> Mapping[str, object]:
    """Context: request (id)."""
    request = request_of(context)
    return {**_asked(request), "receipt": receipt_link(request)}


def footage_reminder(context: Context) -> Mapping[str, object]:
    """Context: request (id), reminder (the first is 1)."""
    request = request_of(context)
    return {
        **_asked(request),
        "asked_at": timezone.localtime(request.sent_at),
        "is_last": context["reminder"] == Limits.current().reminders,
    }


def request_withdrawn(context: Context) -> Mapping[str, object]:
    """Context: request (id)."""
    request = request_of(context)
    return {"number": request.number, "incident_number": request.incident.number, **caller(request.canvass.asker)}


def footage_reply(context: Context) -> Mapping[str, object]:
    """Context: request (id), has_footage (1 or 0). A decline never gets here (promise R4)."""
    request = request_of(context)
    return {
        "number": request.number,
        "incident_number": request.incident.number,
        "has_footage": bool(context["has_footage"]),
        "link": absolute(reverse("incident", args=[request.incident_id])),
    }


def canvass_to_approve(context: Context) -> Mapping[str, object]:
    """Context: canvass (id). Says that it waits, and nothing of what it asks for."""
    canvass = Canvass.objects.select_related("incident", "created_by").get(pk=str(context["canvass"]))
    return {
        "number": canvass.incident.number,
        "incident_number": canvass.incident.number,
        "deputy": canvass.created_by.pseudonym,
        "link": absolute(reverse("canvass_approval", args=[canvass.pk])),
    }


def sample_request(canvass: Canvass, sender: User, limits: Limits) -> Mapping[str, object]:
    """Return what the footage request of a canvass would say if `sender` sent it now."""
    return {
        **_about(canvass, sender),
        "number": PREVIEW_NUMBER,
        "cameras": [_("the cameras of each owner, by name")],
        "link": absolute(reverse("reply", args=[PREVIEW_TOKEN])),
        "expires_at": timezone.localtime(timezone.now() + limits.link_life),
        "receipt": absolute(reverse("log_receipts", args=[PREVIEW_TOKEN])),
    }


def receipt_link(request: FootageRequest) -> str:
    """Return the address of a request's receipts."""
    return absolute(reverse("log_receipts", args=[receipt_links.token_for(request)]))


def caller(deputy: User) -> dict[str, object]:
    """Return who asks, and the number to call back."""
    return {
        "deputy": deputy.pseudonym,
        "call_back_number": deputy.call_back_number or shown().phone,
    }


def request_of(context: Context) -> FootageRequest:
    """Return the request of a message, with what every such message says of it."""
    rows = FootageRequest.objects.select_related("incident__type", "canvass__incident__type", "canvass__purpose")
    return rows.select_related("canvass__sent_by", "canvass__created_by").get(pk=str(context["request"]))


def _asked(request: FootageRequest) -> Mapping[str, object]:
    rows = request.cameras.select_related("camera").order_by("camera__name", "camera_id")
    return {
        **_about(request.canvass, request.canvass.asker),
        "number": request.number,
        "cameras": [row.camera.name for row in rows],
        "link": absolute(reverse("reply", args=[token_for(request)])),
        "expires_at": timezone.localtime(request.expires_at),
    }


def _about(canvass: Canvass, deputy: User) -> dict[str, object]:
    incident = canvass.incident
    return {
        "incident_number": incident.number,
        "incident_type": incident.type.label,
        "purpose": canvass.purpose.label,
        "place": incident.place,
        "starts_at": timezone.localtime(canvass.starts_at),
        "ends_at": timezone.localtime(canvass.ends_at),
        **caller(deputy),
    }
