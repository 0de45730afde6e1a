"""Messages about canvasses and requests. Their contexts are built when rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from registry.access_log import receipt_links
from registry.canvasses.models.canvasses import Canvass, FootageRequest
from registry.canvasses.presenters.request_text import about, caller
from registry.canvasses.request_links import token_for
from registry.limits.models import Limits


def footage_request(context: Context) -> Mapping[str, object]:
    """Context: request (id)."""
    request = request_of(context)
    return {**_asked(request), "receipt": receipt_link(request)}


def footage_reminder(context: Context) -> Mapping[str, object]:
    """Context: request (id), reminder (1 for the first)."""
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
    """Context: canvass (id). Says only that it waits, nothing of its content."""
    canvass = Canvass.objects.select_related("incident", "created_by").get(pk=str(context["canvass"]))
    return {
        "number": canvass.incident.number,
        "incident_number": canvass.incident.number,
        "deputy": canvass.created_by.pseudonym,
        "link": absolute(reverse("canvass_approval", args=[canvass.pk])),
    }


def receipt_link(request: FootageRequest) -> str:
    return absolute(reverse("log_receipts", args=[receipt_links.token_for(request)]))


def request_of(context: Context) -> FootageRequest:
    rows = FootageRequest.objects.select_related("incident__type", "canvass__incident__type", "canvass__purpose")
    return rows.select_related("canvass__sent_by", "canvass__created_by").get(pk=str(context["request"]))


def _asked(request: FootageRequest) -> Mapping[str, object]:
    rows = request.cameras.select_related("camera").order_by("camera__name", "camera_id")
    return {
        **about(request.canvass, request.canvass.asker),
        "number": request.number,
        "cameras": [row.camera.name for row in rows],
        "link": absolute(reverse("reply", args=[token_for(request)])),
        "expires_at": timezone.localtime(request.expires_at),
    }
