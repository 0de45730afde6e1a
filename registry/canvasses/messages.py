"""Messages about canvasses and requests. Their contexts are built when rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import AgencyKind, Context, MessageKind, PublicKind, Sentence, TextWish
from registry.canvasses import policies
from registry.canvasses.links import receipts_token, token_for
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.presenters.owners import no_answer_needed, request_facts
from registry.canvasses.selectors import caller
from registry.incidents import hooks
from registry.limits.models import Limits

ASKED = "incident_number incident_type purpose place starts_at ends_at cameras deputy call_back_number link expires_at"
"""Variables of a request and of its reminder."""


class FootageRequestMessage(PublicKind, kind=MessageKind.FOOTAGE_REQUEST):
    purpose = _("Asks the owner of registered cameras for footage of one incident.")
    subject = _("Footage request %(number)s for incident %(incident_number)s")
    text = _("%(office)s: we ask you for camera footage: %(link)s")
    answered = _("%(office)s: a request for footage was answered for you: %(link)s")
    waiting = _("%(office)s: a recording waits for you to look at: %(link)s")
    needs = f"{ASKED} receipt given offered note"
    about_incident = True
    texted = TextWish.REQUESTS

    def text_of(self, variables: Mapping[str, object]) -> Sentence:
        if not variables["given"]:
            return self.text
        return self.waiting if variables["offered"] else self.answered

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: request (id). given: why no answer is needed, "" if it is. offered: sentences on clips that wait."""
        request = request_of(context)
        others = hooks.others_of(request.pk)
        given = no_answer_needed(request, others)
        return {
            **_asked(request),
            "receipt": receipt_link(request),
            "given": given,
            "offered": [offer.text for offer in others.offers],
            "note": others.note,
        }


class FootageReminderMessage(PublicKind, kind=MessageKind.FOOTAGE_REMINDER):
    purpose = _(
        "Reminds the owner of a request that waits for an answer. At most two go out, and none after any answer."
    )
    subject = _("Reminder: footage request %(number)s for incident %(incident_number)s")
    text = _("%(office)s: we are still waiting for your answer: %(link)s")
    needs = f"{ASKED} asked_at is_last offered note"
    about_incident = True
    texted = TextWish.REQUESTS

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: request (id), reminder (the first is 1). offered: as in the mail that asked first."""
        request = request_of(context)
        others = hooks.others_of(request.pk)
        return {
            **_asked(request),
            "asked_at": timezone.localtime(request.sent_at),
            "is_last": not policies.has_further_reminder(request, int(context["reminder"]), Limits.current()),
            "offered": [offer.text for offer in others.offers],
            "note": others.note,
        }


class RequestWithdrawnMessage(PublicKind, kind=MessageKind.REQUEST_WITHDRAWN):
    purpose = _("Tells the owner that a request no longer needs an answer.")
    subject = _("Footage request %(number)s was withdrawn")
    needs = "incident_number call_back_number deputy"
    about_incident = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: request (id)."""
        request = request_of(context)
        return {"number": request.number, "incident_number": request.incident.number, **caller(request.canvass.asker)}


class FootageReplyMessage(AgencyKind, kind=MessageKind.FOOTAGE_REPLY):
    purpose = _("Tells the deputy that an owner gave footage or has none. Nothing is sent when an owner declines.")
    subject = _("Footage for request %(number)s, incident %(incident_number)s")
    without = _("No footage for request %(number)s, incident %(incident_number)s")
    needs = "incident_number has_footage link"
    about_incident = True

    def subject_of(self, variables: Mapping[str, object]) -> Sentence:
        return self.subject if variables["has_footage"] else self.without

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: request (id), has_footage (1 or 0). A decline never gets here (promise R4)."""
        request = request_of(context)
        return {
            "number": request.number,
            "incident_number": request.incident.number,
            "has_footage": bool(context["has_footage"]),
            "link": absolute(reverse("incident", args=[request.incident_id])),
        }


class CanvassToApproveMessage(AgencyKind, kind=MessageKind.CANVASS_TO_APPROVE):
    purpose = _("Tells supervisors that a canvass beyond the limits waits for the word of one of them.")
    subject = _("A canvass waits for approval, incident %(incident_number)s")
    needs = "incident_number deputy link"
    about_incident = True
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: canvass (id). The mail says that the canvass waits, and nothing of what it asks for."""
        canvass = Canvass.objects.select_related("incident", "created_by").get(pk=str(context["canvass"]))
        return {
            "number": canvass.incident.number,
            "incident_number": canvass.incident.number,
            "deputy": canvass.created_by.pseudonym,
            "link": absolute(reverse("canvass_approval", args=[canvass.pk])),
        }


def receipt_link(request: FootageRequest) -> str:
    return absolute(reverse("log_receipts", args=[receipts_token(request)]))


def request_of(context: Context) -> FootageRequest:
    rows = FootageRequest.objects.select_related("incident__type", "canvass__incident__type", "canvass__purpose")
    return rows.select_related("canvass__sent_by", "canvass__created_by").get(pk=str(context["request"]))


def _asked(request: FootageRequest) -> Mapping[str, object]:
    rows = request.cameras.select_related("camera").order_by("camera__name", "camera_id")
    return {
        **request_facts(request.canvass, request.canvass.asker),
        "number": request.number,
        "cameras": [row.camera.name for row in rows],
        "link": absolute(reverse("reply", args=[token_for(request)])),
        "expires_at": timezone.localtime(request.expires_at),
    }
