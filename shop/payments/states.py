"""The lifecycles of an attempt to pay and of a refund. The database knows the same steps and refuses every other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from shop.rules import EITHER, STAFF, TASK


class AttemptState(TextChoices):
    """How far a try to pay by card has come, by what the gateway says."""

    CREATED = "created", _("Begun")
    OPEN = "open", _("Open")
    PROCESSING = "processing", _("Being processed")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Canceled")


class RefundState(TextChoices):
    """How far a refund has come. The amount is held against the payment from the first moment on."""

    REQUESTED = "requested", _("Asked for")
    SUBMITTED = "submitted", _("Sent to the payment service")
    PENDING = "pending", _("On its way")
    SUCCEEDED = "succeeded", _("Paid out")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Canceled")


LIVE_ATTEMPTS = (AttemptState.CREATED, AttemptState.OPEN, AttemptState.PROCESSING)
"""It may still be paid. An order has one of these at most."""

LIVE_REFUNDS = (RefundState.REQUESTED, RefundState.SUBMITTED, RefundState.PENDING, RefundState.SUCCEEDED)
"""Its amount is held."""

OPEN_REFUNDS = (RefundState.SUBMITTED, RefundState.PENDING)
"""The gateway has it, or may have it, and has not said how it ended."""

_A = AttemptState
ATTEMPT = Lifecycle(
    name="payment attempt",
    states=AttemptState,
    start=[AttemptState.CREATED],
    transitions={
        (_A.CREATED, _A.OPEN): Rule(who=TASK, event=Event.ATTEMPT_OPENED),
        (_A.CREATED, _A.FAILED): Rule(who=TASK, event=Event.ATTEMPT_FAILED),
        (_A.CREATED, _A.CANCELLED): Rule(who=(*EITHER, *TASK), event=Event.ATTEMPT_CANCELLED),
        (_A.OPEN, _A.PROCESSING): Rule(who=TASK, event=Event.ATTEMPT_PROCESSING),
        (_A.OPEN, _A.SUCCEEDED): Rule(who=TASK, event=Event.ATTEMPT_SUCCEEDED),
        (_A.OPEN, _A.FAILED): Rule(who=TASK, event=Event.ATTEMPT_FAILED),
        (_A.OPEN, _A.EXPIRED): Rule(who=TASK, event=Event.ATTEMPT_EXPIRED),
        (_A.OPEN, _A.CANCELLED): Rule(who=(*EITHER, *TASK), event=Event.ATTEMPT_CANCELLED),
        (_A.PROCESSING, _A.SUCCEEDED): Rule(who=TASK, event=Event.ATTEMPT_SUCCEEDED),
        (_A.PROCESSING, _A.FAILED): Rule(who=TASK, event=Event.ATTEMPT_FAILED),
        # Late truth: the gateway took the money after we had given up on it.
        **{
            (at, _A.SUCCEEDED): Rule(who=TASK, event=Event.ATTEMPT_SUCCEEDED)
            for at in (_A.EXPIRED, _A.FAILED, _A.CANCELLED)
        },
    },
)

_R = RefundState
REFUND = Lifecycle(
    name="refund",
    states=RefundState,
    # One that was made in the gateway's own dashboard is found as it is there.
    start=[_R.REQUESTED, _R.PENDING, _R.SUCCEEDED],
    transitions={
        (_R.REQUESTED, _R.SUBMITTED): Rule(who=(*STAFF, *TASK), event=Event.REFUND_SUBMITTED),
        (_R.REQUESTED, _R.CANCELLED): Rule(who=STAFF, event=Event.REFUND_CANCELLED),
        (_R.SUBMITTED, _R.PENDING): Rule(who=TASK, event=Event.REFUND_PENDING),
        (_R.SUBMITTED, _R.SUCCEEDED): Rule(who=(*STAFF, *TASK), event=Event.REFUND_SUCCEEDED),
        (_R.SUBMITTED, _R.FAILED): Rule(who=TASK, event=Event.REFUND_FAILED),
        (_R.PENDING, _R.SUCCEEDED): Rule(who=TASK, event=Event.REFUND_SUCCEEDED),
        (_R.PENDING, _R.FAILED): Rule(who=TASK, event=Event.REFUND_FAILED),
        (_R.PENDING, _R.CANCELLED): Rule(who=TASK, event=Event.REFUND_CANCELLED),
        (_R.SUCCEEDED, _R.FAILED): Rule(who=TASK, event=Event.REFUND_FAILED),
    },
)
