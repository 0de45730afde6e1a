"""Locks in this order: registrant and CORE if needed, then order, return, payments."""

from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from shop.orders import locks
from shop.orders.models.orders import Order
from shop.returns.models import Return


def return_with_order(pk: UUID, *, owner: User | None = None) -> tuple[Order, Return]:
    """Lock the order of a return, then the return; return both. owner: only a return of theirs. Raises NotYours."""
    rows = Return.objects.filter(pk=pk)
    own = (rows.filter(registrant__user=owner) if owner else rows).values_list("order", flat=True)
    order = locks.order(find_or_refuse(own, _("There is no such return."), subject=("return", str(pk))))
    locking = Return.objects.select_for_update(of=("self",), no_key=True)
    locked = locking.select_related("core__registrant", "line", "item", "registrant__user").get(pk=pk)
    locked.order = order
    return order, locked
