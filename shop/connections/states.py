"""The lifecycle of a connection. The database has the same steps and refuses every other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class SubscriptionState(TextChoices):
    ACTIVE = "active", _("Active")
    PAST_DUE = "past_due", _("Past due")
    LAPSED = "lapsed", _("Stopped, not paid")
    CANCEL_SCHEDULED = "cancel_scheduled", _("Ends with its year")
    ENDED = "ended", _("Ended")


_B = SubscriptionState
RENEWABLE = (_B.ACTIVE, _B.PAST_DUE, _B.LAPSED)
"""States in which a payment buys another year."""

SUBSCRIPTION = Lifecycle(
    name="subscription",
    states=SubscriptionState,
    start=[SubscriptionState.ACTIVE],
    transitions={
        (_B.ACTIVE, _B.CANCEL_SCHEDULED): Rule(Event.SUBSCRIPTION_CANCELLED, Permission.OWN_DEVICES),
        (_B.CANCEL_SCHEDULED, _B.ACTIVE): Rule(Event.SUBSCRIPTION_KEPT, Permission.OWN_DEVICES),
        # The new year could not be charged; later it was still unpaid.
        (_B.ACTIVE, _B.PAST_DUE): Rule(Event.SUBSCRIPTION_PAST_DUE, Other.TASK),
        (_B.PAST_DUE, _B.LAPSED): Rule(Event.SUBSCRIPTION_LAPSED, Other.TASK),
        (_B.PAST_DUE, _B.ACTIVE): Rule(Event.SUBSCRIPTION_RENEWED, Other.TASK),
        (_B.LAPSED, _B.ACTIVE): Rule(Event.SUBSCRIPTION_RENEWED, Other.TASK),
        # By its owner at once; by staff when the CORE came back; automatically when it went to somebody else.
        **{
            (at, _B.ENDED): Rule(Event.SUBSCRIPTION_ENDED, Permission.OWN_DEVICES, Permission.GIVE_BACK, Other.TASK)
            for at in (*RENEWABLE, _B.CANCEL_SCHEDULED)
        },
    },
)
