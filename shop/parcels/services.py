"""Parcels: packed one by one or many at once, labeled, handed over, delivered, lost, or late.

If an order can't ship in time the buyer is asked, and waits or gets the money back (16 CFR 435.2(b)).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.lifecycle import NotYours, Stale, find_or_refuse
from fusus_portal.ground.notifications.kinds import MessageKind
from integration.cores import locks as core_locks, selectors
from integration.cores.models import Core
from integration.cores.services import cores as core_services
from integration.cores.states import CoreState
from registry.places.models import Premises
from registry.registrants import locks as registrant_locks
from shop.catalogue import services as catalogue
from shop.catalogue.models import MovementKind, ProductKind, StockMovement
from shop.orders import locks as order_locks
from shop.orders.models.orders import Order, OrderLine
from shop.orders.selectors.orders import live_reservations
from shop.orders.services import orders as order_services
from shop.orders.states import OrderState
from shop.parcels import policies
from shop.parcels.models import Shipment, ShipmentItem, ShippingDelay
from shop.parcels.selectors import Owed, needs_reservation, owed_of, to_pack
from shop.parcels.states import OPEN, ShipmentState


def begin_parcel(*, order: Order, by: User) -> Shipment:
    """Begin a parcel for the pieces that an order still has to ship; an open parcel is resumed.

    Raises Refused, NotYours, and Stale if no piece is left to pack.
    """
    demand(by, Permission.FULFILMENT, subject=order.subject)
    with transaction.atomic():
        locked = order_locks.order(order.pk)
        policies.must_have_to_ship(locked)
        known_one = locked.shipments.filter(state=ShipmentState.PACKING).first()
        if known_one is not None:
            return known_one
        if not to_pack(locked):
            raise Stale(_("All of this order is in parcels already."), subject=locked.subject)
        order_services.reserve_again(order=locked, needs=needs_reservation(locked))
        shipment = Shipment.objects.create(order=locked, begun_by=by)
        facts: dict[str, int | str] = {"order": locked.number, "number": shipment.number}
        record(event=Event.SHIPMENT_BEGUN, actor=by.actor, subject=shipment.subject, facts=facts)
    return shipment


def scan_core(*, shipment: Shipment, by: User, serial: str) -> ShipmentItem:
    """Put the CORE with a serial number into a parcel. Raises ValidationError on "serial", Stale if it is closed."""
    tidy = selectors.serial_in(serial)
    with transaction.atomic():
        order, locked = _lock_open_parcel(shipment, by)
        found = selectors.by_serial(tidy)
        # Only a CORE without an owner is locked: an owner would be locked before the order, not after.
        core = core_locks.core(found.pk) if found and found.registrant_id is None else found
        if core is not None:
            _free_core(core)
        line = policies.check_serial(core, serial=tidy, order=order, lines=to_pack(order))
        _must_hold(order, line, field="serial")
        item = ShipmentItem.objects.create(shipment=locked, line=line, core=core, quantity=1)
        _record(Event.SHIPMENT_PACKED, item, by, serial=tidy)
    return item


def put_pieces(*, shipment: Shipment, by: User, line: OrderLine, quantity: int) -> ShipmentItem:
    """Add pieces without serial numbers to a parcel. Raises ValidationError on "quantity", Stale if it is closed."""
    with transaction.atomic():
        order, locked = _lock_open_parcel(shipment, by)
        owed = next((owed for owed in owed_of(order) if owed.line.pk == line.pk), None)
        if owed is None or owed.line.kind == ProductKind.CORE:
            raise ValidationError({"quantity": _("This is packed by its serial number, or not at all.")})
        policies.check_quantity(wanted=quantity, owed=owed.to_pack)
        _must_hold(order, owed.line, quantity=quantity)
        now = timezone.now()
        before = locked.items.filter(line=owed.line, void_at__isnull=True).first()
        if before is not None:
            before.void_at = now
            before.save(update_fields=["void_at"])
        in_all = quantity + (before.quantity if before else 0)
        item = ShipmentItem.objects.create(shipment=locked, line=owed.line, quantity=in_all)
        _record(Event.SHIPMENT_PACKED, item, by, quantity=quantity)
    return item


def take_out_item(*, item: ShipmentItem, by: User) -> ShipmentItem:
    """Take an item out of an open parcel. A second call changes nothing. Raises Refused, Stale."""
    with transaction.atomic():
        demand(by, Permission.FULFILMENT, subject=item.shipment.subject)
        # Also a piece that does not ship any more: it is refunded, or its order is canceled.
        order, locked = _lock_parcel(item.shipment_id)
        policies.must_be_packing(locked)
        current = locked.items.get(pk=item.pk)
        if current.void_at is None:
            current.void_at = timezone.now()
            current.save(update_fields=["void_at"])
            order_services.reserve_again(order=order, needs=needs_reservation(order))
            _record(Event.SHIPMENT_UNPACKED, current, by, quantity=current.quantity)
    return current


def label_parcel(*, shipment: Shipment, by: User, carrier: str = "", tracking: str = "", box: str = "") -> Shipment:
    """Close a parcel and record its carrier.

    Raises Refused, ValidationError by field, and Stale for an empty parcel, or if it must be unpacked.

    carrier: "" if it is recorded when the parcel is handed over.
    """
    demand(by, Permission.FULFILMENT, subject=shipment.subject)
    with transaction.atomic():
        _order, locked = _lock_parcel(shipment.pk)
        policies.must_hold_what_ships(locked)
        policies.must_be_packing(locked)
        policies.must_hold_something(locked)
        locked.labelled_at = timezone.now()
        facts = _record_carrier(locked, carrier=carrier, tracking=tracking, box=box) if carrier else {}
        steps.take(locked, ShipmentState.LABELLED, by, facts=facts)
    return locked


def _record_carrier(locked: Shipment, *, carrier: str, tracking: str, box: str) -> dict[str, int | str]:
    """Set carrier and box of a locked parcel, unsaved; return facts for the log. Raises ValidationError by field."""
    locked.tracking = policies.check_label(carrier=carrier, tracking=tracking)
    locked.carrier, locked.box = carrier, policies.check_box(box)
    return {"carrier": carrier, "tracking": locked.tracking, **({"box": box} if box else {})}


def drop_parcel(*, shipment: Shipment, by: User) -> Shipment:
    """Unpack a parcel that no carrier has: what still ships is owed again, the rest is free. Raises Refused, Stale."""
    demand(by, Permission.FULFILMENT, subject=shipment.subject)
    with transaction.atomic():
        order, locked = _lock_parcel(shipment.pk)
        locked.items.filter(void_at__isnull=True).update(void_at=timezone.now())
        locked.ended_at = timezone.now()
        steps.take(locked, ShipmentState.DROPPED, by)
        order_services.reserve_again(order=order, needs=needs_reservation(order))
    return locked


def _lock_parcel(pk: UUID) -> tuple[Order, Shipment]:
    """Lock the order of a parcel, then the parcel; return both. Raises NotYours."""
    rows = Shipment.objects.filter(pk=pk).values_list("order", flat=True)
    order = order_locks.order(find_or_refuse(rows, _("There is no such parcel."), subject=("shipment", str(pk))))
    locked = Shipment.objects.select_for_update(no_key=True).get(pk=pk)
    locked.order = order
    return order, locked


def _lock_open_parcel(shipment: Shipment, by: User) -> tuple[Order, Shipment]:
    demand(by, Permission.FULFILMENT, subject=shipment.subject)
    order, locked = _lock_parcel(shipment.pk)
    policies.must_have_to_ship(order)
    policies.must_be_packing(locked)
    return order, locked


def _free_core(core: Core) -> None:
    """Release a CORE that came back and is in stock again, so that it may be packed into another parcel."""
    if core.registrant_id is None:
        sent = ShipmentItem.objects.filter(core=core, void_at__isnull=True, back_at__isnull=True)
        sent.filter(shipment__handed_over_at__isnull=False).update(back_at=timezone.now())


def _must_hold(order: Order, line: OrderLine, *, quantity: int = 1, field: str = "quantity") -> None:
    """Raise ValidationError on `field` unless `quantity` pieces are reserved for an order beyond its open parcels."""
    owed = next(owed for owed in owed_of(order) if owed.line.pk == line.pk)
    held = live_reservations(order).get(line.product_id)
    if (held.left if held else 0) < owed.packed - owed.sent + quantity:
        sentence = _("Of “%(name)s” nothing is left in stock for this order. Receive some first.")
        raise ValidationError({field: sentence % {"name": line.name}})


def _record(event: Event, item: ShipmentItem, by: User, **facts: int | str) -> None:
    facts = {"line": item.line.name, **facts}
    record(event=event, actor=by.actor, subject=item.shipment.subject, facts=facts)


@dataclass(frozen=True, slots=True)
class PackedOrders:
    """The result of packing many orders. left_out: number and reason for each order that was not packed."""

    parcels: list[Shipment]
    left_out: list[tuple[str, str]]


def pack_orders(*, orders: Iterable[Order], by: User) -> PackedOrders:
    """Pack and label orders in the given order, each in a transaction of its own. Raises Refused."""
    packed = PackedOrders([], [])
    for order in orders:
        try:
            packed.parcels.append(pack_order(order=order, by=by))
        except ValidationError as error:
            packed.left_out.append((order.number, " ".join(error.messages)))
        except Stale as error:
            packed.left_out.append((order.number, str(error)))
    return packed


def pack_order(*, order: Order, by: User) -> Shipment:
    """Pack all that an order still has to ship into one labeled parcel, with the lowest serial numbers in stock.

    Raises Refused, NotYours, Stale, and ValidationError if stock is short.
    """
    demand(by, Permission.FULFILMENT, subject=order.subject)
    with transaction.atomic():
        locked = order_locks.order(order.pk)
        policies.must_have_to_ship(locked)
        if locked.shipments.filter(state__in=OPEN).exists():
            raise Stale(_("A parcel of this order is open already."), subject=locked.subject)
        owed = [each for each in owed_of(locked) if each.to_pack > 0]
        # Another clerk who packs the same product waits here, so that both take different COREs.
        catalogue.lock_stocks(each.line.product_id for each in owed)
        shipment = begin_parcel(order=locked, by=by)
        for each in owed:
            _fill(shipment, each, by)
        return label_parcel(shipment=shipment, by=by)


def _fill(shipment: Shipment, owed: Owed, by: User) -> None:
    line, wanted = owed.line, owed.to_pack
    if line.kind != ProductKind.CORE:
        put_pieces(shipment=shipment, by=by, line=line, quantity=wanted)
        return
    cores = _cores_to_take(line, wanted)
    if len(cores) < wanted:
        raise ValidationError(policies.short_words(line.name, wanted=wanted, there=len(cores)))
    for core in cores:
        scan_core(shipment=shipment, by=by, serial=core.serial)


def hand_over_parcel(
    *,
    shipment: Shipment,
    by: User,
    premises: Premises | None = None,
    carrier: str = "",
    tracking: str = "",
    box: str = "",
) -> Shipment:
    """Record that the carrier has a parcel: its COREs belong to the business from now on, for one of its places.

    premises: the place of its COREs, None for a parcel without one. The business issues their activation codes itself
    once the parcel has arrived. carrier, tracking, box: of a parcel that was labeled without them. Raises
    ValidationError by field, Refused, and Stale, also if it must be unpacked.
    """
    demand(by, Permission.FULFILMENT, subject=shipment.subject)
    with transaction.atomic():
        registrant_locks.owners([pk for pk in [shipment.order.registrant_id] if pk])
        order, locked = _lock_parcel(shipment.pk)
        policies.must_hold_what_ships(locked)
        steps.check(locked, ShipmentState.HANDED_OVER, by)
        is_known = locked.carrier != ""
        facts = {} if is_known else _record_carrier(locked, carrier=carrier, tracking=tracking, box=box)
        for core in _cores_in(locked):
            issued = core_services.allocate(core=core, by=by, registrant=order.registrant, premises=premises)
            core_services.ship(core=issued.core, by=by)
        _take_from_stock(locked, by)
        locked.handed_over_by, locked.handed_over_at = by, timezone.now()
        steps.take(locked, ShipmentState.HANDED_OVER, by, facts=facts)
        order_services.follow_parcels(order=order, by=by)
        order_services.write_to_buyer(order, MessageKind.ORDER_SHIPPED, shipment=str(locked.pk))
    return locked


def _take_from_stock(shipment: Shipment, by: User) -> None:
    """Subtract the pieces of a locked parcel from stock and from their reservations."""
    order, leaving = shipment.order, Counter[UUID]()
    for item in shipment.items.filter(void_at__isnull=True).select_related("line"):
        leaving[item.line.product_id] += item.quantity
    held = live_reservations(order)
    for product, stock in catalogue.lock_stocks(leaving).items():
        quantity = leaving[product]
        reservation = held[product]
        # The reservation shrinks first: stock is never less than what is reserved.
        reservation.taken += quantity
        reservation.save(update_fields=["taken"])
        StockMovement.objects.create(stock=stock, kind=MovementKind.SHIPPED, change=-quantity, order=order, staff=by)


def put_core_back(core: Core, by: User) -> None:
    """Add a locked CORE that left stock to the stock again, inside the transaction that restocks the CORE."""
    sent = ShipmentItem.objects.filter(core=core, shipment__handed_over_at__isnull=False).select_related("line")
    moved = StockMovement.objects.filter(core=core).select_related("stock").order_by("-moved_at")
    left = sent.count() + moved.filter(kind=MovementKind.SHIPPED).count()
    if left <= moved.filter(kind=MovementKind.RETURNED).count():
        # A CORE that was never in stock, such as a donated one, is not added automatically.
        return
    item = sent.select_related("shipment__order").order_by("-packed_at").first()
    under_warranty = moved.filter(kind=MovementKind.SHIPPED).first()
    product = item.line.product_id if item is not None else under_warranty.stock.product_id if under_warranty else None
    for stock in catalogue.lock_stocks([product] if product else []).values():
        order = item.shipment.order_id if item is not None else None
        catalogue.move_core(stock, core, by, kind=MovementKind.RETURNED, change=1, note=core.serial, order=order)


def deliver_parcel(*, shipment: Shipment, by: User) -> Shipment:
    """Record that a parcel arrived, as a clerk or as the business. Raises NotYours, Refused, Stale."""
    with transaction.atomic():
        order, locked = _lock_own_parcel(shipment, by)
        locked.ended_at = timezone.now()
        steps.take(locked, ShipmentState.DELIVERED, by)
        if order.state == OrderState.SHIPPED:
            order_services.follow_parcels(order=order, by=by)
    return locked


def lose_parcel(*, shipment: Shipment, by: User) -> Shipment:
    """Record that a parcel is lost: what in it is not refunded is owed again, and its COREs can't be activated.

    Raises Refused; Stale if one of its COREs is in use already: then the parcel arrived.
    """
    demand(by, Permission.FULFILMENT, subject=shipment.subject)
    with transaction.atomic():
        registrant_locks.owners([pk for pk in [shipment.order.registrant_id] if pk])
        order, locked = _lock_parcel(shipment.pk)
        steps.check(locked, ShipmentState.LOST, by)
        for core in _cores_in(locked):
            if core.state != CoreState.SHIPPED:
                raise Stale(_("A CORE of this parcel is in use, so it arrived."), subject=locked.subject)
            core_services.begin_return(core=core, by=by)
        now = timezone.now()
        locked.items.filter(void_at__isnull=True).update(void_at=now)
        locked.ended_at = now
        steps.take(locked, ShipmentState.LOST, by)
        order_services.follow_parcels(order=order, by=by)
        order_services.reserve_again(order=order, needs=needs_reservation(order))
    return locked


def ask_about_delay(*, order: Order, by: User, sent_by_then: date) -> ShippingDelay:
    """Ask a buyer to wait until a day, or to take the money back.

    Raises ValidationError on "sent_by_then", Refused, and Stale if the buyer was asked already or nothing is to ship.
    """
    demand(by, Permission.FULFILMENT, subject=order.subject)
    with transaction.atomic():
        locked = order_locks.order(order.pk)
        policies.must_have_to_ship(locked)
        policies.check_delay(sent_by_then)
        if locked.delays.filter(agreed_at__isnull=True).exists():
            raise Stale(_("The buyer was asked already, and has not answered yet."), subject=locked.subject)
        delay = ShippingDelay.objects.create(order=locked, sent_by_then=sent_by_then, asked_by=by)
        facts: dict[str, int | str] = {"sent_by_then": sent_by_then.isoformat()}
        record(event=Event.DELAY_ASKED, actor=by.actor, subject=locked.subject, facts=facts)
        order_services.write_to_buyer(locked, MessageKind.ORDER_DELAYED, delay=str(delay.pk))
    return delay


def agree_to_delay(*, order: Order, by: User) -> ShippingDelay:
    """Agree to wait for a delayed order, as its buyer. Raises NotYours, Stale if nothing was asked or is to ship."""
    with transaction.atomic():
        locked = order_locks.own_order(order.pk, by=by)
        policies.must_have_to_ship(locked)
        delay = locked.delays.select_for_update(no_key=True).filter(agreed_at__isnull=True).first()
        if delay is None:
            raise Stale(_("Nothing is asked about this order."), subject=locked.subject)
        delay.agreed_at = timezone.now()
        delay.save(update_fields=["agreed_at"])
        facts: dict[str, int | str] = {"sent_by_then": delay.sent_by_then.isoformat()}
        record(event=Event.DELAY_AGREED, actor=by.actor, subject=locked.subject, facts=facts)
    return delay


def _lock_own_parcel(shipment: Shipment, by: User) -> tuple[Order, Shipment]:
    order, locked = _lock_parcel(shipment.pk)
    if by.role not in AGENCY_ROLES and (order.registrant is None or order.registrant.user_id != by.pk):
        raise NotYours(_("There is no such parcel."), subject=shipment.subject)
    return order, locked


def _cores_in(shipment: Shipment) -> list[Core]:
    """Return the COREs in a locked parcel, in the order in which COREs are locked."""
    return list(Core.objects.filter(shipment_items__in=shipment.items.filter(void_at__isnull=True)).order_by("pk"))


def _cores_to_take(line: OrderLine, number: int) -> list[Core]:
    """Lock up to `number` free COREs in stock for a line, by serial number. COREs locked already are skipped."""
    packed = ShipmentItem.objects.filter(core=OuterRef("pk"), void_at__isnull=True, back_at__isnull=True)
    rows = Core.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    free = rows.filter(model=line.product.core_model_id, state=CoreState.IN_STOCK, registrant__isnull=True)
    return list(free.exclude(Exists(packed.filter(shipment__handed_over_at__isnull=True))).order_by("serial")[:number])
