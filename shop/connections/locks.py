"""Locks in this order: CORE, the order that bought it, the orders of its years, the connection."""

from django.db.models import QuerySet

from shop.connections.models import Subscription
from shop.orders import locks
from shop.orders.models.orders import Order


def subscription(pk: int, *, with_orders: bool = False) -> Subscription:
    """Lock a connection. with_orders: also load the orders that paid for its years, which the caller has locked."""
    orders = ["terms__line__order__registrant__user"] if with_orders else []
    return _subscriptions().prefetch_related(*orders).get(pk=pk)


def of_year(order: Order) -> Subscription:
    """Lock the connection whose further year an order pays for. The caller has locked the order."""
    return _subscriptions().get(renewals=order)


def years(pk: int) -> None:
    for each in list(Order.objects.filter(renews=pk).order_by("drafted_at", "pk").values_list("pk", flat=True)):
        locks.order(each)


def _subscriptions() -> QuerySet[Subscription]:
    rows = Subscription.objects.select_for_update(of=("self",), no_key=True)
    whole = rows.select_related("core", "line__order", "line__product", "registrant__user")
    return whole.prefetch_related("terms")
