"""What the registry's messages say. Built from ids when a message is rendered, so that no link is ever stored."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.agency.selectors import shown
from fusus_portal.notifications import kinds
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context, MessageKind
from registry import import_messages, receipt_links
from registry.links import token_for
from registry.models import Canvass, Evidence, FootageRequest, Limits, Registrant
from registry.models.elsewhere import county_name
from registry.presenters import leaving, notices
from registry.presenters.moving import Elsewhere
from registry.selectors import outreach
from registry.selectors.holdings import Holdings
from registry.selectors.notices import Channel

PREVIEW_TOKEN = "example"  # noqa: S105  (a link that leads nowhere, for the deputy who reads the message first)
PREVIEW_NUMBER = "R-00000000"


def register_builders() -> None:
    """Register the builder of each of the registry's kinds."""
    kinds.register(MessageKind.REGISTRATION_CONFIRMED, registration_confirmed)
    kinds.register(MessageKind.REGISTRATION_ENDED, registration_ended)
    kinds.register(MessageKind.REGISTRATION_IMPORTED, import_messages.registration_imported)
    kinds.register(MessageKind.IMPORT_INVITATION, import_messages.import_invitation)
    kinds.register(MessageKind.REGISTRATION_UNFINISHED, registration_unfinished)
    kinds.register(MessageKind.OUTREACH_REPORT, outreach_report)
    kinds.register(MessageKind.FOOTAGE_REQUEST, footage_request)
    kinds.register(MessageKind.FOOTAGE_REMINDER, footage_reminder)
    kinds.register(MessageKind.REQUEST_WITHDRAWN, request_withdrawn)
    kinds.register(MessageKind.FOOTAGE_REPLY, footage_reply)
    kinds.register(MessageKind.FOOTAGE_RECEIVED, footage_received)
    kinds.register(MessageKind.FOOTAGE_ENDING, footage_ending)
    kinds.register(MessageKind.FOOTAGE_DELETED, footage_deleted)
    kinds.register(MessageKind.CANVASS_TO_APPROVE, canvass_to_approve)
    kinds.register(MessageKind.LOOKS_DIGEST, looks_digest)
    kinds.register(MessageKind.FOOTAGE_LOOKED_AT, footage_looked_at)


def registration_confirmed(context: Context) -> Mapping[str, object]:
    """Context: registrant (id), cameras (how many)."""
    registrant = Registrant.objects.get(pk=str(context["registrant"]))
    return {"number": registrant.reference, "cameras": context["cameras"], "link": absolute(reverse("profile"))}


def registration_ended(context: Context) -> Mapping[str, object]:
    """Context: what `Holdings.facts` returns. The registration itself is gone."""
    held = Holdings.of_facts(context)
    return {
        "number": held.number,
        "deleted": leaving.deleted(held),
        "kept": leaving.kept(held),
        "elsewhere": Elsewhere.of(held.moved_to).sentence,
    }


def registration_unfinished(context: Context) -> Mapping[str, object]:
    """Context: begun_at, kept_until (ISO 8601). The link leads to a page that asks for the sign-in first."""
    times = {
        name: timezone.localtime(datetime.fromisoformat(str(context[name]))) for name in ("begun_at", "kept_until")
    }
    return {**times, "link": absolute(reverse("register"))}


def outreach_report(context: Context) -> Mapping[str, object]:
    """Context: empty. The numbers are those of when it is sent; no lead's person is read."""
    counts = outreach.counts()
    return {
        "counties": [
            {"name": county_name(count.county_fips), "total": count.total, "new": count.new} for count in counts
        ],
        "total": sum(count.total for count in counts),
    }


def footage_request(context: Context) -> Mapping[str, object]:
    """Context: request (id)."""
    request = _request(context)
    return {**_asked(request), "receipt": _receipt(request)}


def footage_reminder(context: Context) -> Mapping[str, object]:
    """Context: request (id), reminder (the first is 1)."""
    request = _request(context)
    return {
        **_asked(request),
        "asked_at": timezone.localtime(request.sent_at),
        "is_last": context["reminder"] == Limits.current().reminders,
    }


def request_withdrawn(context: Context) -> Mapping[str, object]:
    """Context: request (id)."""
    request = _request(context)
    return {"number": request.number, "incident_number": request.incident.number, **_caller(request.canvass.asker)}


def footage_reply(context: Context) -> Mapping[str, object]:
    """Context: request (id), has_footage (1 or 0). A decline never gets here (promise R4)."""
    request = _request(context)
    return {
        "number": request.number,
        "incident_number": request.incident.number,
        "has_footage": bool(context["has_footage"]),
        "link": absolute(reverse("incident", args=[request.incident_id])),
    }


def footage_received(context: Context) -> Mapping[str, object]:
    """Context: request (id). Names every file of the reply received so far, with its SHA-256."""
    request = _request(context)
    files = list(Evidence.objects.filter(request=request).order_by("received_at", "pk"))
    return {
        "number": request.number,
        "incident_number": request.incident.number,
        "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in files],
        "kept_until": timezone.localtime(max(file.kept_until for file in files)),
        "receipt": _receipt(request),
        **_caller(request.canvass.asker),
    }


def footage_ending(context: Context) -> Mapping[str, object]:
    """Context: request (id), files (ids, with spaces). Says on which day they are deleted, and nothing of the case."""
    told, files = _ended(context), _files(context)
    days = [file.deletes_at or file.kept_until for file in files]
    return {**told, "day": timezone.localtime(min(days))}


def footage_deleted(context: Context) -> Mapping[str, object]:
    """Context: request (id), files (ids, with spaces): the tombstones of what was deleted."""
    return {**_ended(context), "receipt": _receipt(_request(context))}


def canvass_to_approve(context: Context) -> Mapping[str, object]:
    """Context: canvass (id). Says that it waits, and nothing of what it asks for."""
    canvass = Canvass.objects.select_related("incident", "created_by").get(pk=str(context["canvass"]))
    return {
        "number": canvass.incident.number,
        "incident_number": canvass.incident.number,
        "deputy": canvass.created_by.pseudonym,
        "link": absolute(reverse("canvass_approval", args=[canvass.pk])),
    }


def looks_digest(context: Context) -> Mapping[str, object]:
    """Context: registrant (id), since and until (ISO 8601). What is delayed is withheld as of now."""
    return _looks(context, Channel.SEARCHES)


def footage_looked_at(context: Context) -> Mapping[str, object]:
    """Context: as of `looks_digest`."""
    return _looks(context, Channel.FOOTAGE)


def _looks(context: Context, channel: Channel) -> Mapping[str, object]:
    since, until = (datetime.fromisoformat(str(context[name])) for name in ("since", "until"))
    return notices.letter(Registrant.objects.get(pk=str(context["registrant"])), channel, since=since, until=until)


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


def _receipt(request: FootageRequest) -> str:
    return absolute(reverse("log_receipts", args=[receipt_links.token_for(request)]))


def _ended(context: Context) -> dict[str, object]:
    request = _request(context)
    return {
        "number": request.number,
        "incident_number": request.incident.number,
        "files": [{"number": file.number, "sha256": file.sha256} for file in _files(context)],
        "link": absolute(reverse("own_request", args=[request.pk])),
    }


def _files(context: Context) -> list[Evidence]:
    return list(Evidence.objects.filter(pk__in=str(context["files"]).split()).order_by("received_at", "pk"))


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
        **_caller(deputy),
    }


def _caller(deputy: User) -> dict[str, object]:
    return {
        "deputy": deputy.pseudonym,
        "call_back_number": deputy.call_back_number or shown().phone,
    }


def _request(context: Context) -> FootageRequest:
    rows = FootageRequest.objects.select_related("incident__type", "canvass__incident__type", "canvass__purpose")
    return rows.select_related("canvass__sent_by", "canvass__created_by").get(pk=str(context["request"]))
