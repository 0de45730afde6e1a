"""What an old CORE is worth that does not come back after another one took its place."""

from django.utils import timezone

from shop import worth
from shop.models import Claim, OrderLine, ShipmentItem, TaxRate
from shop.selectors.quotes import rates_at
from shop.selectors.worth import quote


def bought_as(claim: Claim) -> ShipmentItem | None:
    """Return how the old CORE of a claim was sent to whoever bought it, None for one that was given.

    The connection of the other one stands for what was bought, whatever became of it since.
    """
    rows = ShipmentItem.objects.filter(void_at__isnull=True, shipment__handed_over_at__isnull=False)
    rows = rows.select_related("shipment__order__registrant", "line__product").order_by("-packed_at")
    return rows.filter(subscription__core=claim.replacement_id).first() or rows.filter(core=claim.core_id).first()


def worth_of_old(claim: Claim) -> int:
    """Return what the old CORE of a claim is worth today by the schedule that counted when it was bought, in cents.

    It is what a return would bring, without the fee: that went on with the other one. 0 for one that nobody bought.
    """
    item = bought_as(claim)
    if item is None:
        return 0
    found = quote(item, claim.core)
    return worth.goes_back(device=found.paid.device, off=found.age_off, least=found.lowest, fee_back=0)


def rate_for(line: OrderLine) -> TaxRate:
    """Return the tax rate that counts today for what was bought once: the one of then, where there is no newer."""
    order, today = line.order, timezone.localdate()
    rates = rates_at(state=order.ship_state, zip_code=order.ship_zip, on=today)
    return rates.get(line.product.tax_code, line.tax_rate)
