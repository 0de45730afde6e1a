"""The lifecycles of the shop. The database knows the same steps and refuses every other (see `shop.guards`)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.events import Event
from fusus_portal.lifecycle import Lifecycle, Rule

OWNER = ("business",)
CLERK = ("clerk",)
EITHER = (*OWNER, *CLERK)
TASK = ("task",)
STAFF = ("clerk", "administrator")


class OrderState(TextChoices):
    """How far an order has come. What is paid is a sum over its payments, and not told here.

    The order of a further year is completed as soon as it is bought: nothing of it is sent.
    """

    DRAFT = "draft", _("Being checked")
    AWAITING_PAYMENT = "awaiting_payment", _("Waiting for payment")
    AWAITING_APPROVAL = "awaiting_approval", _("Waiting for approval")
    PAID = "paid", _("Paid")
    ON_ACCOUNT = "on_account", _("On account")
    PARTLY_SHIPPED = "partly_shipped", _("Partly shipped")
    SHIPPED = "shipped", _("Shipped")
    COMPLETED = "completed", _("Completed")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Canceled")


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


class ShipmentState(TextChoices):
    """How far a parcel has come."""

    PACKING = "packing", _("Being packed")
    LABELLED = "labelled", _("Labeled")
    HANDED_OVER = "handed_over", _("On its way")
    DELIVERED = "delivered", _("Delivered")
    LOST = "lost", _("Lost")
    DROPPED = "dropped", _("Not sent")


CONFIRMED = (
    OrderState.PAID,
    OrderState.ON_ACCOUNT,
    OrderState.PARTLY_SHIPPED,
    OrderState.SHIPPED,
    OrderState.COMPLETED,
)
"""It is bought: by money, or by an approved purchase order."""

WAITING = (OrderState.AWAITING_PAYMENT, OrderState.AWAITING_APPROVAL)
"""It was placed, its stock is reserved, and it is not bought yet."""

TO_SHIP = (OrderState.PAID, OrderState.ON_ACCOUNT, OrderState.PARTLY_SHIPPED)
"""It is bought, and something of it is owed."""

LIVE_ATTEMPTS = (AttemptState.CREATED, AttemptState.OPEN, AttemptState.PROCESSING)
"""It may still be paid. An order has one of these at most."""

LIVE_REFUNDS = (RefundState.REQUESTED, RefundState.SUBMITTED, RefundState.PENDING, RefundState.SUCCEEDED)
"""Its amount is held."""

OPEN_REFUNDS = (RefundState.SUBMITTED, RefundState.PENDING)
"""The gateway has it, or may have it, and has not said how it ended."""

ORDER = Lifecycle(
    name="order",
    states=OrderState,
    start=[OrderState.DRAFT],
    transitions={
        (OrderState.DRAFT, OrderState.AWAITING_PAYMENT): Rule(who=(*OWNER, *TASK), event=Event.ORDER_PLACED),
        (OrderState.DRAFT, OrderState.AWAITING_APPROVAL): Rule(who=OWNER, event=Event.PURCHASE_ORDER_SUBMITTED),
        # A bill for an old CORE that never came back: nobody orders it, and nothing is sent for it.
        (OrderState.DRAFT, OrderState.ON_ACCOUNT): Rule(who=CLERK, event=Event.ORDER_CHARGED),
        (OrderState.AWAITING_PAYMENT, OrderState.PAID): Rule(who=TASK, event=Event.ORDER_PAID),
        (OrderState.AWAITING_PAYMENT, OrderState.EXPIRED): Rule(who=TASK, event=Event.ORDER_EXPIRED),
        (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED): Rule(who=(*EITHER, *TASK), event=Event.ORDER_CANCELLED),
        # A further year of a CORE: there is nothing to send.
        (OrderState.AWAITING_PAYMENT, OrderState.COMPLETED): Rule(who=TASK, event=Event.ORDER_PAID),
        (OrderState.AWAITING_APPROVAL, OrderState.COMPLETED): Rule(who=CLERK, event=Event.PURCHASE_ORDER_APPROVED),
        # The money came after the reservation had lapsed, and the stock is still there.
        (OrderState.EXPIRED, OrderState.PAID): Rule(who=TASK, event=Event.ORDER_PAID),
        (OrderState.AWAITING_APPROVAL, OrderState.ON_ACCOUNT): Rule(who=CLERK, event=Event.PURCHASE_ORDER_APPROVED),
        (OrderState.AWAITING_APPROVAL, OrderState.CANCELLED): Rule(who=(*EITHER, *TASK), event=Event.ORDER_CANCELLED),
        (OrderState.PAID, OrderState.CANCELLED): Rule(who=EITHER, event=Event.ORDER_CANCELLED),
        (OrderState.ON_ACCOUNT, OrderState.CANCELLED): Rule(who=EITHER, event=Event.ORDER_CANCELLED),
        (OrderState.PAID, OrderState.PARTLY_SHIPPED): Rule(who=CLERK, event=Event.ORDER_PARTLY_SHIPPED),
        (OrderState.PAID, OrderState.SHIPPED): Rule(who=CLERK, event=Event.ORDER_SHIPPED),
        (OrderState.ON_ACCOUNT, OrderState.PARTLY_SHIPPED): Rule(who=CLERK, event=Event.ORDER_PARTLY_SHIPPED),
        (OrderState.ON_ACCOUNT, OrderState.SHIPPED): Rule(who=CLERK, event=Event.ORDER_SHIPPED),
        (OrderState.PARTLY_SHIPPED, OrderState.SHIPPED): Rule(who=CLERK, event=Event.ORDER_SHIPPED),
        # A parcel was lost: what was in it is owed again.
        (OrderState.SHIPPED, OrderState.PARTLY_SHIPPED): Rule(who=CLERK, event=Event.ORDER_OWED_AGAIN),
        (OrderState.SHIPPED, OrderState.COMPLETED): Rule(who=EITHER, event=Event.ORDER_COMPLETED),
    },
)

_S = ShipmentState
SHIPMENT = Lifecycle(
    name="shipment",
    states=ShipmentState,
    start=[_S.PACKING],
    transitions={
        (_S.PACKING, _S.LABELLED): Rule(who=CLERK, event=Event.SHIPMENT_LABELLED),
        **{(at, _S.DROPPED): Rule(who=CLERK, event=Event.SHIPMENT_DROPPED) for at in (_S.PACKING, _S.LABELLED)},
        (_S.LABELLED, _S.HANDED_OVER): Rule(who=CLERK, event=Event.SHIPMENT_HANDED_OVER),
        (_S.HANDED_OVER, _S.DELIVERED): Rule(who=EITHER, event=Event.SHIPMENT_DELIVERED),
        (_S.HANDED_OVER, _S.LOST): Rule(who=CLERK, event=Event.SHIPMENT_LOST),
    },
)

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

AWAY_RETURNS = (_T.REQUESTED, _T.APPROVED, _T.LABEL_SENT, _T.IN_TRANSIT)
"""The office does not have the parcel yet."""

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


class SubscriptionState(TextChoices):
    """Whether a CORE is connected, and for how long still."""

    ACTIVE = "active", _("Active")
    PAST_DUE = "past_due", _("Past due")
    LAPSED = "lapsed", _("Stopped, not paid")
    CANCEL_SCHEDULED = "cancel_scheduled", _("Ends with its year")
    ENDED = "ended", _("Ended")


_B = SubscriptionState
RENEWABLE = (_B.ACTIVE, _B.PAST_DUE, _B.LAPSED)
"""A payment buys it another year."""

SUBSCRIPTION = Lifecycle(
    name="subscription",
    states=SubscriptionState,
    start=[SubscriptionState.ACTIVE],
    transitions={
        (_B.ACTIVE, _B.CANCEL_SCHEDULED): Rule(who=OWNER, event=Event.SUBSCRIPTION_CANCELLED),
        (_B.CANCEL_SCHEDULED, _B.ACTIVE): Rule(who=OWNER, event=Event.SUBSCRIPTION_KEPT),
        # The new year could not be charged; in the end nobody had paid for it.
        (_B.ACTIVE, _B.PAST_DUE): Rule(who=TASK, event=Event.SUBSCRIPTION_PAST_DUE),
        (_B.PAST_DUE, _B.LAPSED): Rule(who=TASK, event=Event.SUBSCRIPTION_LAPSED),
        (_B.PAST_DUE, _B.ACTIVE): Rule(who=TASK, event=Event.SUBSCRIPTION_RENEWED),
        (_B.LAPSED, _B.ACTIVE): Rule(who=TASK, event=Event.SUBSCRIPTION_RENEWED),
        # At once by its owner; by staff when the CORE came back; by itself when it went to somebody else.
        **{
            (at, _B.ENDED): Rule(who=(*OWNER, *STAFF, *TASK), event=Event.SUBSCRIPTION_ENDED)
            for at in (*RENEWABLE, _B.CANCEL_SCHEDULED)
        },
    },
)
