"""Parcels being packed: pieces are scanned or counted in, and taken out."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.queries import find_or_refuse
from integration.cores import locks as core_locks
from integration.cores import selectors
from integration.cores.models import Core
from shop.catalogue import services as catalogue
from shop.catalogue.models import ProductKind
from shop.orders import locks
from shop.orders.models.orders import Order, OrderLine
from shop.parcels import policies
from shop.parcels.models import Shipment, ShipmentItem
from shop.parcels.selectors import owed_of, to_pack
from shop.parcels.states import ShipmentState


def begin(*, order: Order, by: User) -> Shipment:
    """Begin a parcel for the owed pieces of an order; an open one is resumed.

    Raises Refused, NotYours, and Stale if nothing is to be sent.
    """
    demand(by, Permission.FULFILMENT, subject=order.subject)
    with transaction.atomic():
        locked = locks.order(order.pk)
        policies.must_be_owed(locked)
        known_one = locked.shipments.filter(state=ShipmentState.PACKING).first()
        if known_one is not None:
            return known_one
        if not to_pack(locked):
            raise Stale(_("All of this order is in parcels already."), subject=locked.subject)
        catalogue.reserve_again(order=locked)
        shipment = Shipment.objects.create(order=locked, begun_by=by)
        facts: dict[str, int | str] = {"order": locked.number, "number": shipment.number}
        record(event=Event.SHIPMENT_BEGUN, actor=by.actor, subject=shipment.subject, facts=facts)
    return shipment


def scan(*, shipment: Shipment, by: User, serial: str) -> ShipmentItem:
    """Put the CORE of a serial number into a parcel. Raises ValidationError on "serial", Stale for a closed parcel."""
    tidy = selectors.serial_in(serial)
    with transaction.atomic():
        order, locked = _open_one(shipment, by)
        found = selectors.by_serial(tidy)
        # Only a CORE without an owner is locked: an owner would be locked before the order, not after.
        core = core_locks.core(found.pk) if found and found.registrant_id is None else found
        if core is not None:
            _let_go(core)
        line = policies.check_serial(core, serial=tidy, order=order, lines=to_pack(order))
        _must_hold(order, line, field="serial")
        item = ShipmentItem.objects.create(shipment=locked, line=line, core=core, quantity=1)
        _record(Event.SHIPMENT_PACKED, item, by, serial=tidy)
    return item


def put(*, shipment: Shipment, by: User, line: OrderLine, quantity: int) -> ShipmentItem:
    """Put pieces without a serial number into a parcel. Raises ValidationError on "quantity", Stale."""
    with transaction.atomic():
        order, locked = _open_one(shipment, by)
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


def take_out(*, item: ShipmentItem, by: User) -> ShipmentItem:
    """Take an item out of a parcel. A second call changes nothing."""
    with transaction.atomic():
        _order, locked = _open_one(item.shipment, by)
        current = locked.items.get(pk=item.pk)
        if current.void_at is None:
            current.void_at = timezone.now()
            current.save(update_fields=["void_at"])
            _record(Event.SHIPMENT_UNPACKED, current, by, quantity=current.quantity)
    return current


def label(*, shipment: Shipment, by: User, carrier: str = "", tracking: str = "") -> Shipment:
    """Close a parcel and record its carrier. Raises ValidationError by field, Stale for an empty one.

    carrier: "" if it is recorded when the parcel is handed over.
    """
    with transaction.atomic():
        _order, locked = _open_one(shipment, by)
        policies.must_hold_something(locked)
        locked.labelled_at = timezone.now()
        facts = record_carrier(locked, carrier=carrier, tracking=tracking) if carrier else {}
        steps.take(locked, ShipmentState.LABELLED, by, facts=facts)
    return locked


def record_carrier(locked: Shipment, *, carrier: str, tracking: str) -> dict[str, int | str]:
    """Set the carrier of a locked parcel, unsaved; return the facts of its entry. Raises ValidationError by field."""
    locked.tracking = policies.check_label(carrier=carrier, tracking=tracking)
    locked.carrier = carrier
    return {"carrier": carrier, "tracking": locked.tracking}


def drop(*, shipment: Shipment, by: User) -> Shipment:
    """Unpack a parcel that is not sent: its contents are owed again."""
    demand(by, Permission.FULFILMENT, subject=shipment.subject)
    with transaction.atomic():
        _order, locked = whole(shipment.pk)
        locked.items.filter(void_at__isnull=True).update(void_at=timezone.now())
        locked.ended_at = timezone.now()
        steps.take(locked, ShipmentState.DROPPED, by)
    return locked


def whole(pk: UUID) -> tuple[Order, Shipment]:
    """Lock a parcel, and its order before it. Raises NotYours for none."""
    rows = Shipment.objects.filter(pk=pk).values_list("order", flat=True)
    order = locks.order(find_or_refuse(rows, _("There is no such parcel."), subject=("shipment", str(pk))))
    locked = Shipment.objects.select_for_update(no_key=True).get(pk=pk)
    locked.order = order
    return order, locked


def _open_one(shipment: Shipment, by: User) -> tuple[Order, Shipment]:
    demand(by, Permission.FULFILMENT, subject=shipment.subject)
    order, locked = whole(shipment.pk)
    policies.must_be_owed(order)
    policies.must_be_packing(locked)
    return order, locked


def _let_go(core: Core) -> None:
    """Free a CORE that came back and is in stock again from the parcel in which it was sent."""
    if core.registrant_id is None:
        sent = ShipmentItem.objects.filter(core=core, void_at__isnull=True, back_at__isnull=True)
        sent.filter(shipment__handed_over_at__isnull=False).update(back_at=timezone.now())


def _must_hold(order: Order, line: OrderLine, *, quantity: int = 1, field: str = "quantity") -> None:
    try:
        catalogue.must_hold_stock(order=order, line=line, quantity=quantity)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error


def _record(event: Event, item: ShipmentItem, by: User, **facts: int | str) -> None:
    facts = {"line": item.line.name, **facts}
    record(event=event, actor=by.actor, subject=item.shipment.subject, facts=facts)
