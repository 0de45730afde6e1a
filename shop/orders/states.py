"""The lifecycle of an order. The database knows the same steps and refuses every other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class OrderState(TextChoices):
    """States of an order. How much is paid is no state: it is a sum over the payments.

    The order of a further year is completed as soon as it is bought: nothing is shipped for it. An order of services
    alone is completed once a clerk records that they are done.
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


class Standing(TextChoices):
    """States of an order as people read and choose them: those of `OrderState`, and what is paid where that matters."""

    DRAFT = OrderState.DRAFT.value, OrderState.DRAFT.label
    AWAITING_PAYMENT = OrderState.AWAITING_PAYMENT.value, OrderState.AWAITING_PAYMENT.label
    AWAITING_APPROVAL = OrderState.AWAITING_APPROVAL.value, OrderState.AWAITING_APPROVAL.label
    PAID = OrderState.PAID.value, OrderState.PAID.label
    ON_ACCOUNT = OrderState.ON_ACCOUNT.value, OrderState.ON_ACCOUNT.label
    REFUNDED = "refunded", _("Refunded")
    OFF_INVOICE = "off_invoice", _("Off the invoice")
    PARTLY_SHIPPED = OrderState.PARTLY_SHIPPED.value, OrderState.PARTLY_SHIPPED.label
    SHIPPED = OrderState.SHIPPED.value, OrderState.SHIPPED.label
    ARRIVED_UNPAID = "arrived_unpaid", _("Arrived, not paid yet")
    DONE_UNPAID = "done_unpaid", _("Done, not paid yet")
    COMPLETED = OrderState.COMPLETED.value, OrderState.COMPLETED.label
    EXPIRED = OrderState.EXPIRED.value, OrderState.EXPIRED.label
    CANCELLED = OrderState.CANCELLED.value, OrderState.CANCELLED.label


CONFIRMED = (
    OrderState.PAID,
    OrderState.ON_ACCOUNT,
    OrderState.PARTLY_SHIPPED,
    OrderState.SHIPPED,
    OrderState.COMPLETED,
)
"""States of bought orders: paid, or with an approved purchase order."""

WAITING = (OrderState.AWAITING_PAYMENT, OrderState.AWAITING_APPROVAL)
"""States of placed orders that are not bought yet. The stock of goods is reserved."""

TO_SHIP = (OrderState.PAID, OrderState.ON_ACCOUNT, OrderState.PARTLY_SHIPPED)
"""States of bought orders that are not shipped in full, also of services and bills, for which nothing ships."""

TO_DO = (OrderState.PAID, OrderState.ON_ACCOUNT)
"""States of a bought order of services alone while the services are not done."""

_EITHER = (Permission.OWN_ORDERS, Permission.FULFILMENT)
_CANCEL = Rule(Event.ORDER_CANCELLED, *_EITHER)
_DROP = Rule(Event.ORDER_CANCELLED, *_EITHER, Other.TASK)
_STAFF = (Permission.FULFILMENT, Permission.GIVE_BACK)
_OWED_AGAIN = Rule(Event.ORDER_OWED_AGAIN, *_STAFF)
_APPROVE = Rule(Event.PURCHASE_ORDER_APPROVED, Permission.FULFILMENT)

ORDER = Lifecycle(
    name="order",
    states=OrderState,
    start=[OrderState.DRAFT],
    transitions={
        (OrderState.DRAFT, OrderState.AWAITING_PAYMENT): Rule(Event.ORDER_PLACED, Permission.OWN_ORDERS, Other.TASK),
        (OrderState.DRAFT, OrderState.AWAITING_APPROVAL): Rule(Event.PURCHASE_ORDER_SUBMITTED, Permission.OWN_ORDERS),
        # A bill for an old CORE that never came back: nobody orders it, and nothing is sent for it.
        (OrderState.DRAFT, OrderState.ON_ACCOUNT): Rule(Event.ORDER_CHARGED, Permission.FULFILMENT),
        (OrderState.AWAITING_PAYMENT, OrderState.PAID): Rule(Event.ORDER_PAID, Other.TASK),
        (OrderState.AWAITING_PAYMENT, OrderState.EXPIRED): Rule(Event.ORDER_EXPIRED, Other.TASK),
        (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED): _DROP,
        # A further year of a CORE: there is nothing to send.
        (OrderState.AWAITING_PAYMENT, OrderState.COMPLETED): Rule(Event.ORDER_PAID, Other.TASK),
        (OrderState.AWAITING_APPROVAL, OrderState.COMPLETED): _APPROVE,
        # The money came after the reservation had lapsed, and the stock is still there.
        (OrderState.EXPIRED, OrderState.PAID): Rule(Event.ORDER_PAID, Other.TASK),
        (OrderState.AWAITING_APPROVAL, OrderState.ON_ACCOUNT): _APPROVE,
        (OrderState.AWAITING_APPROVAL, OrderState.CANCELLED): _DROP,
        (OrderState.PAID, OrderState.CANCELLED): _CANCEL,
        (OrderState.ON_ACCOUNT, OrderState.CANCELLED): _CANCEL,
        (OrderState.PAID, OrderState.PARTLY_SHIPPED): Rule(Event.ORDER_PARTLY_SHIPPED, Permission.FULFILMENT),
        (OrderState.PAID, OrderState.SHIPPED): Rule(Event.ORDER_SHIPPED, Permission.FULFILMENT),
        (OrderState.ON_ACCOUNT, OrderState.PARTLY_SHIPPED): Rule(Event.ORDER_PARTLY_SHIPPED, Permission.FULFILMENT),
        (OrderState.ON_ACCOUNT, OrderState.SHIPPED): Rule(Event.ORDER_SHIPPED, Permission.FULFILMENT),
        # The rest was handed over, or refunded.
        (OrderState.PARTLY_SHIPPED, OrderState.SHIPPED): Rule(Event.ORDER_SHIPPED, *_STAFF),
        # A parcel was lost, or a refund of goods was canceled: they are owed again.
        (OrderState.SHIPPED, OrderState.PARTLY_SHIPPED): _OWED_AGAIN,
        (OrderState.COMPLETED, OrderState.PARTLY_SHIPPED): _OWED_AGAIN,
        (OrderState.SHIPPED, OrderState.COMPLETED): Rule(Event.ORDER_COMPLETED, *_EITHER),
        # All that was sent arrived, and the rest is refunded.
        (OrderState.PARTLY_SHIPPED, OrderState.COMPLETED): Rule(Event.ORDER_COMPLETED, *_STAFF),
        # Services alone: there is nothing to send, and a clerk says that they are done.
        (OrderState.PAID, OrderState.COMPLETED): Rule(Event.ORDER_DONE, Permission.FULFILMENT),
        (OrderState.ON_ACCOUNT, OrderState.COMPLETED): Rule(Event.ORDER_DONE, Permission.FULFILMENT),
    },
)
