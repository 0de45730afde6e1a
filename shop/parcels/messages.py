from collections.abc import Mapping

from fusus_portal.ground.notifications.kinds import Context
from shop.orders.messages import about_order, canceled_words, order_of
from shop.parcels.models import Shipment, ShippingDelay


def order_shipped(context: Context) -> Mapping[str, object]:
    """Context: order, shipment (ids)."""
    shipment = Shipment.objects.get(pk=str(context["shipment"]))
    return {
        **about_order(order_of(context)),
        "carrier": shipment.get_carrier_display(),
        "tracking": shipment.tracking,
        "has_core": shipment.items.filter(core__isnull=False, void_at__isnull=True).exists(),
    }


def order_delayed(context: Context) -> Mapping[str, object]:
    """Context: order, delay (ids)."""
    order = order_of(context)
    day = ShippingDelay.objects.get(pk=str(context["delay"])).sent_by_then
    return {**about_order(order), "day": day, "money": canceled_words(order)}
