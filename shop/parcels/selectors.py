"""Parcels, and what of an order is still owed: counted over the parcels, never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.queries import find_or_refuse
from integration.cores.models import Core
from shop.catalogue.models import SHIPPED
from shop.orders.models.orders import Order, OrderLine, PayMethod
from shop.orders.selectors.orders import own_one
from shop.orders.states import TO_SHIP
from shop.parcels import policies
from shop.parcels.models import Shipment, ShipmentItem
from shop.parcels.states import ShipmentState

SENT = (ShipmentState.HANDED_OVER, ShipmentState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Owed:
    """A line with how many of it are in a parcel, and how many of those are on their way or delivered."""

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


def to_send() -> list[Order]:
    """Return the orders that are not fully sent, the oldest first."""
    rows = (
        Order.objects.filter(state__in=TO_SHIP)
        .exclude(method=PayMethod.CHARGE)
        .prefetch_related("lines__product", "delays", "shipments")
    )
    return list(rows.order_by("bought_at"))


def parcels(state: ShipmentState) -> QuerySet[Shipment]:
    """Return the parcels at a state, the oldest first."""
    rows = Shipment.objects.filter(state=state).select_related("order")
    return rows.annotate(pieces=Count("items")).order_by("begun_at")


def overdue(now: datetime | None = None) -> list[Order]:
    """Return the orders that had to be on their way by now (16 CFR 435.2)."""
    at = now or timezone.now()
    return [order for order in to_send() if policies.is_overdue(order, now=at)]


def shipment(pk: UUID) -> Shipment:
    """Return a parcel for a clerk. Raises NotYours."""
    rows = Shipment.objects.select_related("order__registrant", "begun_by").filter(pk=pk)
    return find_or_refuse(rows, _("There is no such parcel."), subject=("shipment", str(pk)))


def numbered(number: str, *, tracking: str) -> QuerySet[Shipment]:
    """Return the parcels of this number, or with this tracking number, the latest first. "" is nobody's."""
    return Shipment.objects.filter(Q(number=number) | Q(tracking=tracking, tracking__gt="")).order_by("-begun_at")


def own_shipment(by: User, number: str, pk: UUID) -> Shipment:
    """Return a parcel of a business's own order. Raises NotYours."""
    rows = own_one(by, number).shipments.filter(pk=pk)
    return find_or_refuse(rows, _("There is no such parcel."), subject=("shipment", str(pk)))


def parcel_of(core: Core) -> Shipment | None:
    """Return the parcel in which a CORE is on its way to its owner, or came; None for none."""
    sent = Q(state__in=SENT, order__registrant=core.registrant_id)
    live = Q(items__core=core, items__void_at__isnull=True, items__back_at__isnull=True)
    return Shipment.objects.filter(sent & live).select_related("order").first()


def items_of(parcel: Shipment) -> Sequence[ShipmentItem]:
    """Return the contents of a parcel."""
    rows = parcel.items.filter(void_at__isnull=True).select_related("line", "core")
    return list(rows.order_by("line__position", "packed_at"))


def item_of(parcel: Shipment, pk: UUID) -> ShipmentItem:
    """Return something in a parcel. Raises NotYours."""
    rows = parcel.items.filter(pk=pk).select_related("shipment", "line")
    return find_or_refuse(rows, _("This is not in the parcel."), subject=parcel.subject)


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
    """Return the lines that are not yet fully in parcels."""
    return [owed.line for owed in owed_of(order) if owed.to_pack > 0]


def needs_reservation(order: Order) -> Mapping[object, int]:
    """Return how many pieces of each product have to be held for an order, 0 for what is on its way."""
    return {owed.line.product_id: owed.to_send for owed in owed_of(order)}
