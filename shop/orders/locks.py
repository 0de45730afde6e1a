"""Locks, always in one order.

Registrant, order, payment (and attempt), refund, stock by id, the person who refunds, the card on file.

No row's key ever changes, so FOR NO KEY UPDATE is enough: rows that refer to these can still be inserted.
"""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from shop.orders.models.orders import Order


def order(pk: UUID) -> Order:
    """Lock an order and return it as it is now. Raises NotYours."""
    return _found(_orders(), pk)


def own_order(pk: UUID, *, by: User) -> Order:
    """Lock an order of the user's own business. Raises NotYours for any other order."""
    return _found(_orders().filter(registrant__user=by), pk)


def _orders() -> QuerySet[Order]:
    return Order.objects.select_for_update(of=("self",), no_key=True).select_related("registrant__user")


def _found(rows: QuerySet[Order], pk: UUID) -> Order:
    return find_or_refuse(rows.filter(pk=pk), _("There is no such order."), subject=("order", str(pk)))
