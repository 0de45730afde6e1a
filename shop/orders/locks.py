"""Locks, always in one order: registrant, order, payment (and attempt), refund, stock by its id, who gives back.

No row's key ever changes, so the locks leave foreign keys to the rows alone (FOR NO KEY UPDATE).
"""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import NotYours
from shop.orders.models.orders import Order


def order(pk: UUID) -> Order:
    """Lock an order and return it as it is now. Raises NotYours for none."""
    locked = _orders().filter(pk=pk).first()
    if locked is None:
        raise _no_order(pk)
    return locked


def own_order(pk: UUID, *, by: User) -> Order:
    """Lock a business's own order. Raises NotYours for anybody else's."""
    locked = _orders().filter(pk=pk, registrant__user=by).first()
    if locked is None:
        raise _no_order(pk)
    return locked


def _orders() -> QuerySet[Order]:
    return Order.objects.select_for_update(of=("self",), no_key=True).select_related("registrant__user")


def _no_order(pk: UUID) -> NotYours:
    return NotYours(_("There is no such order."), subject=("order", str(pk)))
