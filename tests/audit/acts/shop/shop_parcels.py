"""Acts about parcels, and about orders that are late."""

from datetime import timedelta

from django.utils import timezone

from audit.log.events import Event
from integration.cores.services import cores
from shop.parcels import services
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.shop.orders.orders import buyer_of
from tests.shop.parcels import parcels

CLERK = "clerk"


@calls(services.begin_parcel, Event.SHIPMENT_BEGUN)
def begin() -> Act:
    """A clerk begins a parcel."""
    order, by = parcels.bought(), person(CLERK)
    return lambda: services.begin_parcel(order=order, by=by)


@calls(services.scan_core, Event.SHIPMENT_PACKED)
def scan() -> Act:
    """A clerk scans a CORE."""
    shipment, by = parcels.packed(pieces=0), person(CLERK)
    serial = parcels.fitting(shipment.order.lines.get()).serial
    return lambda: services.scan_core(shipment=shipment, by=by, serial=serial)


@calls(services.put_pieces, Event.SHIPMENT_PACKED)
def put() -> Act:
    """A clerk counts two cables."""
    shipment, by = parcels.packed(parcels.bought(cores=0, accessories=2), pieces=0), person(CLERK)
    line = shipment.order.lines.get()
    return lambda: services.put_pieces(shipment=shipment, by=by, line=line, quantity=2)


@calls(services.take_out_item, Event.SHIPMENT_UNPACKED)
def take_out() -> Act:
    """It was the wrong one."""
    item, by = parcels.packed().items.get(), person(CLERK)
    return lambda: services.take_out_item(item=item, by=by)


@calls(services.label_parcel, Event.SHIPMENT_LABELLED)
def label() -> Act:
    """A clerk closes a parcel."""
    shipment, by = parcels.packed(), person(CLERK)
    return lambda: services.label_parcel(shipment=shipment, by=by, carrier="ups", tracking=parcels.TRACKING)


@calls(services.drop_parcel, Event.SHIPMENT_DROPPED)
def drop() -> Act:
    """It is not sent after all."""
    shipment, by = parcels.labelled(), person(CLERK)
    return lambda: services.drop_parcel(shipment=shipment, by=by)


@calls(services.pack_order, Event.SHIPMENT_LABELLED)
def pack() -> Act:
    """A clerk packs all of an order by one press."""
    order, by = parcels.bought(), person(CLERK)
    parcels.fitting(order.lines.get())
    return lambda: services.pack_order(order=order, by=by)


@calls(services.pack_orders, Event.SHIPMENT_LABELLED)
def pack_all() -> Act:
    """A clerk packs what is ticked."""
    order, by = parcels.bought(), person(CLERK)
    parcels.fitting(order.lines.get())
    return lambda: services.pack_orders(orders=[order], by=by)


@calls(services.hand_over_parcel, Event.SHIPMENT_HANDED_OVER)
def hand_over() -> Act:
    """The carrier has it."""
    shipment, by = parcels.labelled(), person(CLERK)
    place = parcels.place_of(shipment.order)
    return lambda: services.hand_over_parcel(shipment=shipment, by=by, premises=place)


@calls(services.deliver_parcel, Event.SHIPMENT_DELIVERED)
def deliver() -> Act:
    """The business has it."""
    shipment = parcels.handed_over()
    by = buyer_of(shipment.order)
    return lambda: services.deliver_parcel(shipment=shipment, by=by)


@calls(services.lose_parcel, Event.SHIPMENT_LOST)
def lose() -> Act:
    """It never arrived."""
    shipment, by = parcels.handed_over(), person(CLERK)
    return lambda: services.lose_parcel(shipment=shipment, by=by)


@calls(services.ask_about_delay, Event.DELAY_ASKED)
def ask() -> Act:
    """A clerk asks the buyer to wait."""
    order, by, then = parcels.bought(), person(CLERK), timezone.localdate() + timedelta(days=9)
    return lambda: services.ask_about_delay(order=order, by=by, sent_by_then=then)


@calls(services.agree_to_delay, Event.DELAY_AGREED)
def agree() -> Act:
    """The buyer waits."""
    order = parcels.late(asked=True)
    by = buyer_of(order)
    return lambda: services.agree_to_delay(order=order, by=by)


@calls(cores.issue_own_code, Event.CORE_CODE_ISSUED)
def own_code() -> Act:
    """The business asks for the code of a CORE that arrived."""
    shipment = parcels.shipment_at("delivered")
    core, by = shipment.items.get().core, buyer_of(shipment.order)
    assert core is not None
    return lambda: cores.issue_own_code(core=core, by=by)
