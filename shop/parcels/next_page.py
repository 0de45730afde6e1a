"""The page on which a clerk continues, for the scan box."""

from django.urls import reverse

from shop.orders.models.orders import Order
from shop.orders.states import OrderState
from shop.parcels import policies
from shop.parcels.models import Shipment
from shop.parcels.selectors import OPEN
from shop.parcels.states import ShipmentState


def of_parcel(parcel: Shipment) -> str:
    is_ready = parcel.state == ShipmentState.LABELLED and policies.is_sent(parcel.order)
    return reverse("parcel_hand_over" if is_ready else "parcel", args=[parcel.pk])


def of_order(order: Order) -> str:
    if order.state == OrderState.AWAITING_APPROVAL and hasattr(order, "purchase_order"):
        return reverse("purchase_order", args=[order.purchase_order.pk])
    open_one = order.shipments.filter(state__in=OPEN).select_related("order").first()
    return of_parcel(open_one) if open_one else reverse("fulfilment_order", args=[order.number])
