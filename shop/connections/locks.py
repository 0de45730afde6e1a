"""Locks of a connection, always in one order: CORE, the order that bought it, the orders of its years, and it."""

from django.db.models import QuerySet

from shop.connections.models import Subscription
from shop.orders import locks
from shop.orders.models.orders import Order


def subscription(pk: int, *, with_orders: bool = False) -> Subscription:
    """Lock a connection, after its orders where those are needed too. with_orders: load what paid for its years."""
    orders = ["terms__line__order__registrant__user"] if with_orders else []
    return _subscriptions().prefetch_related(*orders).get(pk=pk)


def of_year(order: Order) -> Subscription:
    """Lock the connection of a locked order of a year."""
    return _subscriptions().get(renewals=order)


def years(pk: int) -> None:
    """Lock the orders of a connection's years, before the connection itself."""
    for each in list(Order.objects.filter(renews=pk).order_by("drafted_at", "pk").values_list("pk", flat=True)):
        locks.order(each)


def _subscriptions() -> QuerySet[Subscription]:
    rows = Subscription.objects.select_for_update(of=("self",), no_key=True)
    whole = rows.select_related("core", "line__order", "line__product", "registrant__user")
    return whole.prefetch_related("terms")
