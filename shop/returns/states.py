"""The lifecycle of a return. The database knows the same steps and refuses every other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from shop.rules import CLERK, EITHER, OWNER, STAFF, TASK


class ReturnState(TextChoices):
    """How far a CORE has come on its way back."""

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
"""It ended without the CORE having come back."""

KEEPABLE = (_T.REQUESTED, _T.APPROVED, _T.LABEL_SENT)
"""Its owner has the CORE, and may keep it after all."""

WAY = (_T.APPROVED, _T.LABEL_SENT, _T.IN_TRANSIT)
"""The parcel may come now."""

UNDOABLE = (_T.RECEIVED, _T.INSPECTED, _T.ACCEPTED, _T.REJECTED)
"""A parcel was written down, and no money has moved."""

RETURN = Lifecycle(
    name="return",
    states=ReturnState,
    # One whose unit is surely its owner's needs nobody's approval.
    start=[_T.REQUESTED, _T.APPROVED],
    transitions={
        (_T.REQUESTED, _T.APPROVED): Rule(who=CLERK, event=Event.RETURN_APPROVED),
        (_T.REQUESTED, _T.DECLINED): Rule(who=CLERK, event=Event.RETURN_DECLINED),
        **{(at, _T.WITHDRAWN): Rule(who=OWNER, event=Event.RETURN_WITHDRAWN) for at in KEEPABLE},
        (_T.APPROVED, _T.LABEL_SENT): Rule(who=CLERK, event=Event.RETURN_LABELLED),
        (_T.LABEL_SENT, _T.IN_TRANSIT): Rule(who=EITHER, event=Event.RETURN_SENT),
        # It was brought to the office, or came before anybody noted that it was sent.
        **{(away, _T.RECEIVED): Rule(who=CLERK, event=Event.RETURN_RECEIVED) for away in WAY},
        # A parcel came, and the CORE was not in it.
        **{(away, _T.REJECTED): Rule(who=CLERK, event=Event.RETURN_REJECTED) for away in WAY},
        (_T.RECEIVED, _T.INSPECTED): Rule(who=CLERK, event=Event.RETURN_INSPECTED),
        (_T.INSPECTED, _T.ACCEPTED): Rule(who=CLERK, event=Event.RETURN_ACCEPTED),
        # What was written down of a parcel was a mistake. Once money has moved there is no way back.
        **{(at, away): Rule(who=CLERK, event=Event.RETURN_UNDONE) for at in UNDOABLE for away in WAY},
        # An administrator pays where one clerk works: whoever inspected it does not.
        (_T.ACCEPTED, _T.REFUNDING): Rule(who=STAFF, event=Event.RETURN_REFUNDED),
        (_T.REFUNDING, _T.CLOSED): Rule(who=(*STAFF, *TASK), event=Event.RETURN_CLOSED),
        # The bank gave the money back days later: it is owed as before.
        (_T.CLOSED, _T.REFUNDING): Rule(who=TASK, event=Event.RETURN_OWED_AGAIN),
    },
)
