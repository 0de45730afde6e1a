from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class CanvassState(TextChoices):
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
"""States of a canvass whose requests were sent, and that nobody has closed."""


class RequestState(TextChoices):
    """States of a request. No state says "opened": opening a link changes nothing."""

    SENT = "sent", _("Waiting for an answer")
    FOOTAGE = "footage", _("Footage given")
    NONE = "none", _("No footage")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


TOLD = (RequestState.FOOTAGE, RequestState.NONE)
"""The only answers that a deputy is told, one by one; a decline looks like no answer (promise R4)."""

UNTOLD = (RequestState.SENT, RequestState.DECLINED)
"""States that look alike to the agency: it withdraws both, and either may become an answer that is told."""

WITHOUT_FOOTAGE = (RequestState.DECLINED, RequestState.NONE)
"""Answers of an owner that give nothing. Footage may still follow."""

_CHANGE = Rule(Event.CANVASS_CHANGED, Permission.CANVASS)
_RECALL = Rule(Event.CANVASS_RECALLED, Permission.CANVASS, Other.DISPATCH)
"""Recall of a waiting approval, by changing the canvass, or by verifying its incident so that none is needed."""

_CLOSE = Rule(Event.CANVASS_CLOSED, Permission.CANVASS)
_TAKE_BACK = Rule(Event.REQUEST_WITHDRAWN, Permission.CANVASS, Permission.OWN_REGISTRATION, Other.TASK)
_OWNER = (Permission.OWN_REGISTRATION, Other.LINK)
"""The holder of a request's link, or the registrant signed in."""

CANVASS = Lifecycle(
    name="canvass",
    states=CanvassState,
    start=[CanvassState.DRAFT],
    transitions={
        (CanvassState.DRAFT, CanvassState.WAITING): Rule(Event.CANVASS_APPROVAL_ASKED, Permission.CANVASS),
        (CanvassState.WAITING, CanvassState.APPROVED): Rule(Event.CANVASS_APPROVED, Permission.APPROVE_CANVASS),
        (CanvassState.WAITING, CanvassState.DENIED): Rule(Event.CANVASS_DENIED, Permission.APPROVE_CANVASS),
        (CanvassState.WAITING, CanvassState.DRAFT): _RECALL,
        (CanvassState.APPROVED, CanvassState.DRAFT): _CHANGE,
        (CanvassState.DENIED, CanvassState.DRAFT): _CHANGE,
        (CanvassState.DRAFT, CanvassState.SENT): Rule(Event.CANVASS_SENT, Permission.CANVASS),
        (CanvassState.APPROVED, CanvassState.SENT): Rule(Event.CANVASS_SENT, Permission.CANVASS),
        (CanvassState.SENT, CanvassState.WITHDRAWN): Rule(Event.CANVASS_WITHDRAWN, Permission.CANVASS),
        (CanvassState.SENT, CanvassState.EXPIRED): Rule(Event.CANVASS_EXPIRED, Other.TASK),
        **{(at, CanvassState.CLOSED): _CLOSE for at in (*BEFORE_SENDING, *ONCE_SENT)},
    },
)

REQUEST = Lifecycle(
    name="footage request",
    states=RequestState,
    start=[RequestState.SENT],
    transitions={
        (RequestState.SENT, RequestState.DECLINED): Rule(Event.REQUEST_DECLINED, *_OWNER),
        **{(at, RequestState.NONE): Rule(Event.REQUEST_ANSWERED_NONE, *_OWNER) for at in UNTOLD},
        **{
            (at, RequestState.FOOTAGE): Rule(Event.REQUEST_ANSWERED_FOOTAGE, *_OWNER)
            for at in (*UNTOLD, RequestState.NONE)
        },
        **{(at, RequestState.WITHDRAWN): _TAKE_BACK for at in UNTOLD},
        (RequestState.SENT, RequestState.EXPIRED): Rule(Event.REQUEST_EXPIRED, Other.TASK),
    },
)
