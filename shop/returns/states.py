"""The lifecycle of a return. The database has the same steps and refuses every other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class ReturnState(TextChoices):
    REQUESTED = "requested", _("Being checked")
    APPROVED = "approved", _("Send it back")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")
    LABEL_SENT = "label_sent", _("The label is sent")
    IN_TRANSIT = "in_transit", _("On its way")
    RECEIVED = "received", _("Received")
    INSPECTED = "inspected", _("Inspected")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("The CORE was not in the parcel")
    REFUNDING = "refunding", _("The money is on its way")
    CLOSED = "closed", _("Paid out")


_T = ReturnState
NO_RETURNS = (_T.DECLINED, _T.WITHDRAWN, _T.REJECTED)
"""States of a return that ended without the CORE."""

KEEPABLE = (_T.REQUESTED, _T.APPROVED, _T.LABEL_SENT)
"""States in which the owner has the CORE, and may keep it after all."""

WAY = (_T.APPROVED, _T.LABEL_SENT, _T.IN_TRANSIT)
"""States in which the parcel may arrive."""

UNDOABLE = (_T.RECEIVED, _T.INSPECTED, _T.ACCEPTED, _T.REJECTED)
"""States in which the return's parcel was recorded, and no money has moved."""

RETURN = Lifecycle(
    name="return",
    states=ReturnState,
    # A CORE that its owner bought needs no approval.
    start=[_T.REQUESTED, _T.APPROVED],
    transitions={
        (_T.REQUESTED, _T.APPROVED): Rule(Event.RETURN_APPROVED, Permission.FULFILMENT),
        (_T.REQUESTED, _T.DECLINED): Rule(Event.RETURN_DECLINED, Permission.FULFILMENT),
        **{(at, _T.WITHDRAWN): Rule(Event.RETURN_WITHDRAWN, Permission.OWN_DEVICES) for at in KEEPABLE},
        (_T.APPROVED, _T.LABEL_SENT): Rule(Event.RETURN_LABELLED, Permission.FULFILMENT),
        (_T.LABEL_SENT, _T.IN_TRANSIT): Rule(Event.RETURN_SENT, Permission.OWN_DEVICES, Permission.FULFILMENT),
        # It was brought to the office, or came before its sending was recorded.
        **{(away, _T.RECEIVED): Rule(Event.RETURN_RECEIVED, Permission.FULFILMENT) for away in WAY},
        # A parcel came, and the CORE was not in it.
        **{(away, _T.REJECTED): Rule(Event.RETURN_REJECTED, Permission.FULFILMENT) for away in WAY},
        (_T.RECEIVED, _T.INSPECTED): Rule(Event.RETURN_INSPECTED, Permission.FULFILMENT),
        (_T.INSPECTED, _T.ACCEPTED): Rule(Event.RETURN_ACCEPTED, Permission.FULFILMENT),
        # The record of a parcel was a mistake. It can't be undone once money has moved.
        **{(at, away): Rule(Event.RETURN_UNDONE, Permission.FULFILMENT) for at in UNDOABLE for away in WAY},
        # An administrator pays where one clerk works: the clerk who inspected it does not.
        (_T.ACCEPTED, _T.REFUNDING): Rule(Event.RETURN_REFUNDED, Permission.GIVE_BACK),
        (_T.REFUNDING, _T.CLOSED): Rule(Event.RETURN_CLOSED, Permission.GIVE_BACK, Other.TASK),
        # The bank returned the money days later: it is owed again.
        (_T.CLOSED, _T.REFUNDING): Rule(Event.RETURN_OWED_AGAIN, Other.TASK),
    },
)
