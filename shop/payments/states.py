"""The lifecycles of payment attempts and refunds. The database knows the same steps and refuses every other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class AttemptState(TextChoices):
    CREATED = "created", _("Begun")
    OPEN = "open", _("Open")
    PROCESSING = "processing", _("Being processed")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Canceled")


class RefundState(TextChoices):
    """States of a refund. Its cents count as taken from the payment from the first state on."""

    REQUESTED = "requested", _("Asked for")
    SUBMITTED = "submitted", _("Sent to the payment service")
    PENDING = "pending", _("On its way")
    SUCCEEDED = "succeeded", _("Paid out")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Canceled")


LIVE_ATTEMPTS = (AttemptState.CREATED, AttemptState.OPEN, AttemptState.PROCESSING)
"""States of attempts that may still be paid. An order has at most one such attempt."""

LIVE_REFUNDS = (RefundState.REQUESTED, RefundState.SUBMITTED, RefundState.PENDING, RefundState.SUCCEEDED)
"""States of refunds whose cents count as taken from their payment."""

OPEN_REFUNDS = (RefundState.SUBMITTED, RefundState.PENDING)
"""States of refunds that the gateway has, or may have, without a final answer."""

_A = AttemptState
_CANCEL = Rule(Event.ATTEMPT_CANCELLED, Permission.OWN_ORDERS, Permission.FULFILMENT, Other.TASK)

ATTEMPT = Lifecycle(
    name="payment attempt",
    states=AttemptState,
    start=[AttemptState.CREATED],
    transitions={
        (_A.CREATED, _A.OPEN): Rule(Event.ATTEMPT_OPENED, Other.TASK),
        (_A.CREATED, _A.FAILED): Rule(Event.ATTEMPT_FAILED, Other.TASK),
        (_A.CREATED, _A.CANCELLED): _CANCEL,
        (_A.OPEN, _A.PROCESSING): Rule(Event.ATTEMPT_PROCESSING, Other.TASK),
        (_A.OPEN, _A.SUCCEEDED): Rule(Event.ATTEMPT_SUCCEEDED, Other.TASK),
        (_A.OPEN, _A.FAILED): Rule(Event.ATTEMPT_FAILED, Other.TASK),
        (_A.OPEN, _A.EXPIRED): Rule(Event.ATTEMPT_EXPIRED, Other.TASK),
        (_A.OPEN, _A.CANCELLED): _CANCEL,
        (_A.PROCESSING, _A.SUCCEEDED): Rule(Event.ATTEMPT_SUCCEEDED, Other.TASK),
        (_A.PROCESSING, _A.FAILED): Rule(Event.ATTEMPT_FAILED, Other.TASK),
        # Late news: the gateway took the money after we had given up on it.
        **{
            (at, _A.SUCCEEDED): Rule(Event.ATTEMPT_SUCCEEDED, Other.TASK)
            for at in (_A.EXPIRED, _A.FAILED, _A.CANCELLED)
        },
    },
)

_R = RefundState
REFUND = Lifecycle(
    name="refund",
    states=RefundState,
    # A refund from the gateway's own dashboard starts in its state there.
    start=[_R.REQUESTED, _R.PENDING, _R.SUCCEEDED],
    transitions={
        (_R.REQUESTED, _R.SUBMITTED): Rule(Event.REFUND_SUBMITTED, Permission.GIVE_BACK, Other.TASK),
        (_R.REQUESTED, _R.CANCELLED): Rule(Event.REFUND_CANCELLED, Permission.GIVE_BACK),
        (_R.SUBMITTED, _R.PENDING): Rule(Event.REFUND_PENDING, Other.TASK),
        (_R.SUBMITTED, _R.SUCCEEDED): Rule(Event.REFUND_SUCCEEDED, Permission.GIVE_BACK, Other.TASK),
        (_R.SUBMITTED, _R.FAILED): Rule(Event.REFUND_FAILED, Other.TASK),
        (_R.PENDING, _R.SUCCEEDED): Rule(Event.REFUND_SUCCEEDED, Other.TASK),
        (_R.PENDING, _R.FAILED): Rule(Event.REFUND_FAILED, Other.TASK),
        # It failed, and the clerk ships the goods after all.
        (_R.FAILED, _R.CANCELLED): Rule(Event.REFUND_CANCELLED, Permission.GIVE_BACK),
        (_R.SUCCEEDED, _R.FAILED): Rule(Event.REFUND_FAILED, Other.TASK),
    },
)
