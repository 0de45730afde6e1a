"""Messages about given footage. Their contexts are built when rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind
from registry.canvasses.messages import receipt_link, request_of
from registry.canvasses.selectors import caller
from registry.footage.models import Evidence


class FootageReceivedMessage(PublicKind, kind=MessageKind.FOOTAGE_RECEIVED):
    purpose = _("Tells the giver which files arrived, with the proof of each, and until when they are kept.")
    subject = _("Footage received for request %(number)s")
    needs = "incident_number files kept_until call_back_number deputy receipt"
    about_incident = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: request (id). Names every file of the reply received so far, with its SHA-256.

        kept_until: the earliest day among these files.
        """
        request = request_of(context)
        files = list(Evidence.objects.filter(request=request).order_by("received_at", "pk"))
        return {
            "number": request.number,
            "incident_number": request.incident.number,
            "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in files],
            "kept_until": timezone.localtime(min(file.kept_until for file in files)),
            "receipt": receipt_link(request),
            **caller(request.canvass.asker),
        }


class FootageEndingMessage(PublicKind, kind=MessageKind.FOOTAGE_ENDING):
    purpose = _("Tells the giver ahead of time on which day footage is deleted.")
    subject = _("Your footage of request %(number)s will be deleted")
    needs = "incident_number files day link"
    about_incident = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: request (id), files (ids, with spaces). Says the day of their deletion, nothing of the case."""
        told, files = _ended(context), _files(context)
        days = [file.deletes_at or file.kept_until for file in files]
        return {**told, "day": timezone.localtime(min(days))}


class FootageDeletedMessage(PublicKind, kind=MessageKind.FOOTAGE_DELETED):
    purpose = _("Tells the giver that footage was deleted because the time to keep it had ended.")
    subject = _("Your footage of request %(number)s was deleted")
    needs = "incident_number files link receipt"
    about_incident = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: request (id), files (ids, with spaces) that were deleted."""
        return {**_ended(context), "receipt": receipt_link(request_of(context))}


def _ended(context: Context) -> dict[str, object]:
    request = request_of(context)
    return {
        "number": request.number,
        "incident_number": request.incident.number,
        "files": [{"number": file.number, "sha256": file.sha256} for file in _files(context)],
        "link": absolute(reverse("own_request", args=[request.pk])),
    }


def _files(context: Context) -> list[Evidence]:
    return list(Evidence.objects.filter(pk__in=str(context["files"]).split()).order_by("received_at", "pk"))
