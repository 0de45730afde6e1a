"""The lifecycles of a canvass and of a request."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from registry.rules import AGENCY, LEAVING, OWNER, SUPERVISOR, TASK


class CanvassState(TextChoices):
    """Where one search of an area stands."""

    DRAFT = "draft", _("Prepared")
    WAITING = "waiting", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    DENIED = "denied", _("Denied")
    SENT = "sent", _("Sent")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    CLOSED = "closed", _("Closed")


BEFORE_SENDING = (CanvassState.DRAFT, CanvassState.WAITING, CanvassState.APPROVED, CanvassState.DENIED)
ONCE_SENT = (CanvassState.SENT, CanvassState.WITHDRAWN, CanvassState.EXPIRED)
"""Requests went out, and nobody has closed it."""


class RequestState(TextChoices):
    """One registrant's part of a canvass. There is no state for "opened": a link does not act on opening."""

    SENT = "sent", _("Waiting for an answer")
    FOOTAGE = "footage", _("Footage given")
    NONE = "none", _("No footage")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


TOLD = (RequestState.FOOTAGE, RequestState.NONE)
"""The only answers that a deputy is told of, one by one; a decline looks like no answer (promise R4)."""

CANVASS = Lifecycle(
    name="canvass",
    states=CanvassState,
    start=[CanvassState.DRAFT],
    transitions={
        (CanvassState.DRAFT, CanvassState.WAITING): Rule(who=AGENCY, event=Event.CANVASS_APPROVAL_ASKED),
        (CanvassState.WAITING, CanvassState.APPROVED): Rule(who=SUPERVISOR, event=Event.CANVASS_APPROVED),
        (CanvassState.WAITING, CanvassState.DENIED): Rule(who=SUPERVISOR, event=Event.CANVASS_DENIED),
        (CanvassState.WAITING, CanvassState.DRAFT): Rule(who=AGENCY, event=Event.CANVASS_CHANGED),
        (CanvassState.APPROVED, CanvassState.DRAFT): Rule(who=AGENCY, event=Event.CANVASS_CHANGED),
        (CanvassState.DENIED, CanvassState.DRAFT): Rule(who=AGENCY, event=Event.CANVASS_CHANGED),
        (CanvassState.DRAFT, CanvassState.SENT): Rule(who=AGENCY, event=Event.CANVASS_SENT),
        (CanvassState.APPROVED, CanvassState.SENT): Rule(who=AGENCY, event=Event.CANVASS_SENT),
        (CanvassState.SENT, CanvassState.WITHDRAWN): Rule(who=AGENCY, event=Event.CANVASS_WITHDRAWN),
        (CanvassState.SENT, CanvassState.EXPIRED): Rule(who=TASK, event=Event.CANVASS_EXPIRED),
        (CanvassState.DRAFT, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.WAITING, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.APPROVED, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.DENIED, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.SENT, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.WITHDRAWN, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.EXPIRED, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
    },
)

REQUEST = Lifecycle(
    name="footage request",
    states=RequestState,
    start=[RequestState.SENT],
    transitions={
        (RequestState.SENT, RequestState.FOOTAGE): Rule(who=OWNER, event=Event.REQUEST_ANSWERED_FOOTAGE),
        (RequestState.SENT, RequestState.NONE): Rule(who=OWNER, event=Event.REQUEST_ANSWERED_NONE),
        (RequestState.SENT, RequestState.DECLINED): Rule(who=OWNER, event=Event.REQUEST_DECLINED),
        (RequestState.SENT, RequestState.WITHDRAWN): Rule(
            who=[*AGENCY, *LEAVING, *TASK], event=Event.REQUEST_WITHDRAWN
        ),
        (RequestState.SENT, RequestState.EXPIRED): Rule(who=TASK, event=Event.REQUEST_EXPIRED),
    },
)
