"""What of an order lies in parcels, and what is still owed. Counted over the parcels, never written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, Sum

from shop.models import Order, OrderLine
from shop.models.catalogue import SHIPPED
from shop.states import ShipmentState

SENT = (ShipmentState.HANDED_OVER, ShipmentState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Owed:
    """A line with how many of it lie in a parcel, and how many of those are on their way or there."""

    line: OrderLine
    packed: int
    sent: int

    @property
    def to_pack(self) -> int:
        """How many are in no parcel yet."""
        return self.line.quantity - self.packed

    @property
    def to_send(self) -> int:
        """How many are not on their way yet."""
        return self.line.quantity - self.sent


def owed_of(order: Order) -> Sequence[Owed]:
    """Return the lines of an order that are sent, with what became of them. One query."""
    live = Q(items__void_at__isnull=True)
    rows = order.lines.filter(kind__in=SHIPPED).select_related("product__core_model")
    counted = rows.annotate(
        packed=Sum("items__quantity", filter=live, default=0),
        sent=Sum("items__quantity", filter=live & Q(items__shipment__state__in=SENT), default=0),
    )
    return [Owed(line, line.packed, line.sent) for line in counted.order_by("position")]


def to_pack(order: Order) -> list[OrderLine]:
    """Return the lines of which something is in no parcel yet."""
    return [owed.line for owed in owed_of(order) if owed.to_pack > 0]


def needs_reservation(order: Order) -> Mapping[object, int]:
    """Return how many pieces of each product have to be held for an order, 0 for what is on its way."""
    return {owed.line.product_id: owed.to_send for owed in owed_of(order)}
