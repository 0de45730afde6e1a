"""The lifecycle of an order. The database knows the same steps and refuses every other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from shop.rules import CLERK, EITHER, OWNER, TASK


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
