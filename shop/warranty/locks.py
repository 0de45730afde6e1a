"""Locks in this order: CORE if needed, then order, then claim."""

from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import Stale, find_or_refuse
from shop.orders import locks
from shop.orders.models.orders import Order
from shop.warranty.models import Claim


def claim(pk: UUID) -> Claim:
    """Lock a claim. Raises NotYours."""
    rows = Claim.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("core__registrant", "registrant__user").filter(pk=pk)
    return find_or_refuse(rows, _("There is no such claim."), subject=("claim", str(pk)))


def with_bill(pk: UUID) -> tuple[Order | None, Claim]:
    """Lock the bill for a claim's old CORE, if any, then the claim. Raises NotYours, Stale if just billed."""
    bill = Claim.objects.filter(pk=pk).values_list("charge", flat=True).first()
    order = locks.order(bill) if bill else None
    locked = claim(pk)
    if locked.charge_id != bill:
        raise Stale(_("Somebody has just billed the old CORE. Look again."), subject=locked.subject)
    return order, locked
