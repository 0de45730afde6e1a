"""Parcels, and pieces owed of an order: counted over its parcels, never stored."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, find_or_refuse
from integration.cores.models import Core
from integration.cores.states import CoreState, Whereabouts
from shop.catalogue.models import SHIPPED
from shop.orders.models.orders import Order, OrderLine
from shop.orders.selectors.orders import all_orders, own_one, with_goods
from shop.orders.states import TO_SHIP, OrderState
from shop.parcels import policies
from shop.parcels.models import Shipment, ShipmentItem
from shop.parcels.states import OPEN, SENT, ShipmentState
from shop.rules import PACKED_AT_ONCE


@dataclass(frozen=True, slots=True)
class Owed:
    """A line of an order. packed: its pieces in parcels. sent: those of them that a carrier has, or that arrived.

    has_ended: its order is canceled or has expired, so nothing of it ships.
    """

    line: OrderLine
    packed: int
    sent: int
    has_ended: bool

    @property
    def to_pack(self) -> int:
        return 0 if self.has_ended else policies.left_of(self.line, self.packed)

    @property
    def to_send(self) -> int:
        return 0 if self.has_ended else policies.left_of(self.line, self.sent)


def to_send() -> list[Order]:
    """Return the orders with pieces that still ship, oldest first."""
    rows = Order.objects.filter(with_goods(), state__in=TO_SHIP)
    rows = rows.prefetch_related("lines__product", "delays", "shipments__items")
    return [order for order in rows.order_by("bought_at") if policies.has_to_ship(order)]


def parcels(*states: ShipmentState) -> QuerySet[Shipment]:
    return _with_items(Shipment.objects.filter(state__in=states)).order_by("begun_at")


def to_unpack() -> list[Shipment]:
    """Return the parcels that must be unpacked, in whole or in part, oldest first."""
    return [parcel for parcel in parcels(*OPEN) if policies.why_not_sent(parcel)]


def to_print(numbers: Sequence[str]) -> list[Shipment]:
    """Return the labeled parcels with these numbers; without numbers, all that wait for a carrier. Oldest order first.

    None that must be unpacked. Raises NotYours if there is no such parcel, Stale if each of them must be unpacked.
    """
    named = Q(number__in=numbers, state__in=[ShipmentState.LABELLED, *SENT])
    rows = _with_items(Shipment.objects.filter(named if numbers else Q(state=ShipmentState.LABELLED)))
    found = list(rows.order_by("order__bought_at", "begun_at"))
    if not found:
        raise NotYours(_("There is no such parcel with a label."), subject=("shipment", ""))
    ready = [parcel for parcel in found if not policies.why_not_sent(parcel)]
    if not ready:
        policies.must_hold_what_ships(found[0])
    return ready[:PACKED_AT_ONCE]


def to_pack_at_once(numbers: Sequence[str]) -> list[Order]:
    """Return the orders with these numbers, oldest first, without drafts."""
    return list(all_orders().filter(number__in=numbers).order_by("bought_at", "placed_at", "pk"))


def overdue(now: datetime | None = None) -> list[Order]:
    """Return the orders that had to ship by now and have not (16 CFR 435.2)."""
    at = now or timezone.now()
    return [order for order in to_send() if policies.is_overdue(order, now=at)]


def shipment(pk: UUID) -> Shipment:
    """Return a parcel, with its order and business loaded. Raises NotYours."""
    rows = Shipment.objects.select_related("order__registrant", "begun_by").filter(pk=pk)
    return find_or_refuse(rows, _("There is no such parcel."), subject=("shipment", str(pk)))


def last_closed_by(clerk: User) -> Shipment | None:
    """Return the last parcel with a carrier that a clerk began: its carrier and box are likely for the next one."""
    return Shipment.objects.filter(begun_by=clerk).exclude(carrier="").order_by("-labelled_at").first()


def next_to_pack() -> Order | None:
    """Return the oldest order that has to ship and has no open parcel, or None."""
    waiting = (order for order in to_send() if not any(each.state in OPEN for each in order.shipments.all()))
    return next(waiting, None)


def next_to_hand_over() -> Shipment | None:
    """Return the parcel that has waited longest for a carrier and needs no unpacking, or None."""
    return next((each for each in parcels(ShipmentState.LABELLED) if not policies.why_not_sent(each)), None)


def numbered(number: str, *, tracking: Iterable[str]) -> QuerySet[Shipment]:
    """Return the parcels with this number, or one of these tracking numbers, newest first. "" matches none."""
    rows = Shipment.objects.filter(Q(number=number) | Q(tracking__in=tracking, tracking__gt=""))
    return _with_items(rows).order_by("-begun_at")


def own_shipment(by: User, number: str, pk: UUID) -> Shipment:
    """Return a parcel of the user's own order. number: of the order. Raises NotYours."""
    rows = own_one(by, number).shipments.filter(pk=pk)
    return find_or_refuse(rows, _("There is no such parcel."), subject=("shipment", str(pk)))


def parcel_of(core: Core) -> Shipment | None:
    """Return the parcel that brings or brought a CORE to its current owner."""
    sent = Q(state__in=SENT, order__registrant=core.registrant_id)
    live = Q(items__core=core, items__void_at__isnull=True, items__back_at__isnull=True)
    return Shipment.objects.filter(sent & live).select_related("order").first()


def open_one_with(core: Core) -> Shipment | None:
    """Return the parcel with a CORE that no carrier has yet, or None."""
    live = Q(items__core=core, items__void_at__isnull=True, items__back_at__isnull=True)
    return Shipment.objects.filter(live, state__in=OPEN).select_related("order").first()


def whereabouts(cores: Iterable[UUID] | None = None) -> Mapping[UUID, Whereabouts]:
    """Return where packed or arrived COREs are, by CORE id, without those in use. cores: None for all."""
    rows = ShipmentItem.objects.filter(core__isnull=False, void_at__isnull=True, back_at__isnull=True)
    here = Q(shipment__state__in=OPEN, core__state=CoreState.IN_STOCK)
    there = Q(shipment__state=ShipmentState.DELIVERED, core__state=CoreState.SHIPPED)
    found = rows.filter(here | there) if cores is None else rows.filter(here | there, core__in=list(cores))
    return {
        pk: Whereabouts.PACKED if state in OPEN else Whereabouts.ARRIVED
        for pk, state in found.values_list("core", "shipment__state")
    }


def packed_pieces() -> Mapping[UUID, int]:
    """Return the number of pieces in parcels that no carrier has yet, by product id."""
    rows = ShipmentItem.objects.filter(void_at__isnull=True, shipment__state__in=OPEN)
    counted = rows.order_by().values_list("line__product").annotate(number=Sum("quantity"))
    return dict(counted)


def items_of(parcel: Shipment) -> Sequence[ShipmentItem]:
    rows = parcel.items.filter(void_at__isnull=True).select_related("line", "core")
    return list(rows.order_by("line__position", "packed_at"))


def item_of(parcel: Shipment, pk: UUID) -> ShipmentItem:
    """Return an item of a parcel. Raises NotYours."""
    rows = parcel.items.filter(pk=pk).select_related("shipment", "line")
    return find_or_refuse(rows, _("This is not in the parcel."), subject=parcel.subject)


def owed_of(order: Order) -> Sequence[Owed]:
    """Return the lines of an order that are shipped, with their counts of pieces. One query."""
    live = Q(items__void_at__isnull=True)
    rows = order.lines.filter(kind__in=SHIPPED).select_related("product__core_model")
    counted = rows.annotate(
        packed=Sum("items__quantity", filter=live, default=0),
        sent=Sum("items__quantity", filter=live & Q(items__shipment__state__in=SENT), default=0),
    )
    has_ended = order.state in (OrderState.CANCELLED, OrderState.EXPIRED)
    return [Owed(line, line.packed, line.sent, has_ended) for line in counted.order_by("position")]


def to_pack(order: Order) -> list[OrderLine]:
    """Return the lines of an order that still ship and are not yet fully in parcels."""
    return [owed.line for owed in owed_of(order) if owed.to_pack > 0]


def needs_reservation(order: Order) -> Mapping[UUID, int]:
    """Return the pieces to reserve for an order, by product id: those that still ship, and those that are packed.

    What is packed is reserved until it is unpacked, also if it does not ship any more: it is not in stock before.
    """
    return {owed.line.product_id: max(owed.to_send, owed.packed - owed.sent) for owed in owed_of(order)}


def is_sent_again(parcel: Shipment) -> bool:
    """True if pieces that were in a lost parcel ship again: they are not refunded, and were in no other parcel."""
    before = Counter[UUID]()
    others = parcel.order.shipments.filter(state__in=SENT, handed_over_at__lt=parcel.ended_at)
    for item in ShipmentItem.objects.filter(shipment__in=others, void_at__isnull=True):
        before[item.line_id] += item.quantity
    lost = ShipmentItem.objects.filter(shipment=parcel, void_at=parcel.ended_at).select_related("line")
    return any(policies.left_of(item.line, before[item.line_id]) for item in lost)


def _with_items(parcels: QuerySet[Shipment]) -> QuerySet[Shipment]:
    live = ShipmentItem.objects.filter(void_at__isnull=True).select_related("line", "core")
    items = Prefetch("items", queryset=live.order_by("line__position", "core__serial"))
    return parcels.select_related("order").prefetch_related(items, "order__lines", "order__shipments__items")
