"""The attempts to pay an order, and what went back of it."""

from collections.abc import Sequence

from shop.orders.models.orders import Order
from shop.payments.models.payments import PaymentAttempt
from shop.payments.models.refunds import Refund


def latest_attempt(order: Order) -> PaymentAttempt | None:
    """Return the last attempt to pay an order."""
    return order.attempts.order_by("-begun_at").first()


def refunds_of(order: Order) -> Sequence[Refund]:
    """Return what went back of an order, the first first."""
    rows = Refund.objects.filter(payment__order=order).select_related("payment__order", "of_return", "clerk")
    return list(rows.order_by("requested_at"))
