"""Steps of parcels, and of orders that are sent."""

from collections.abc import Callable

from shop.orders.models.orders import Order
from shop.orders.states import ORDER, OrderState as State
from shop.parcels import services
from shop.parcels.models import Shipment
from shop.parcels.states import SHIPMENT, ShipmentState as Parcel
from shop.payments.models import Refund
from shop.payments.services import refunds
from tests.factories import person
from tests.lifecycle.drivers import Driver, Taken, beginning, drives, take
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.parcels import parcels

OWNER, CLERK, ADMINISTRATOR = "business", "clerk", "administrator"
Act = Callable[[Shipment, str], object]


def from_state(source: Parcel, act: Act) -> Driver:
    """Return a driver that takes a step of a parcel."""

    def driver(role: str) -> Taken:
        shipment = beginning(parcels.shipment_at, source)
        return take(shipment, lambda: act(shipment, role))

    return driver


def label(shipment: Shipment, role: str) -> object:
    """Close a parcel."""
    return services.label_parcel(shipment=shipment, by=person(role), carrier="usps", tracking=parcels.TRACKING)


def drop(shipment: Shipment, role: str) -> object:
    """Unpack a parcel."""
    return services.drop_parcel(shipment=shipment, by=person(role))


def hand_over(shipment: Shipment, role: str) -> object:
    """Give a parcel to the carrier."""
    return services.hand_over_parcel(shipment=shipment, by=person(role), premises=parcels.place_of(shipment.order))


def deliver(shipment: Shipment, role: str) -> object:
    """Record, as a clerk or the business, that a parcel arrived."""
    return services.deliver_parcel(shipment=shipment, by=person(role) if role == CLERK else buyer_of(shipment.order))


def lose(shipment: Shipment, role: str) -> object:
    """Record that a parcel never arrived."""
    return services.lose_parcel(shipment=shipment, by=person(role))


drives(SHIPMENT, Parcel.PACKING, Parcel.LABELLED, CLERK)(from_state(Parcel.PACKING, label))
drives(SHIPMENT, Parcel.PACKING, Parcel.DROPPED, CLERK)(from_state(Parcel.PACKING, drop))
drives(SHIPMENT, Parcel.LABELLED, Parcel.DROPPED, CLERK)(from_state(Parcel.LABELLED, drop))
drives(SHIPMENT, Parcel.LABELLED, Parcel.HANDED_OVER, CLERK)(from_state(Parcel.LABELLED, hand_over))
drives(SHIPMENT, Parcel.HANDED_OVER, Parcel.DELIVERED, CLERK, OWNER)(from_state(Parcel.HANDED_OVER, deliver))
drives(SHIPMENT, Parcel.HANDED_OVER, Parcel.LOST, CLERK)(from_state(Parcel.HANDED_OVER, lose))


def sends(*, on_account: bool, pieces: int, ordered: int) -> Driver:
    """Return a driver that hands over a parcel with so many of what was ordered."""

    def driver(role: str) -> Taken:
        order = orders.drafted(things=((orders.product(), ordered),))
        order = parcels.approved(orders.submitted(order)) if on_account else orders.paid(orders.placed(order)).order
        shipment = parcels.labelled(parcels.packed(order, pieces=pieces))
        return take(order, lambda: hand_over(shipment, role))

    return driver


for source, on_account in ((State.PAID, False), (State.ON_ACCOUNT, True)):
    drives(ORDER, source, State.SHIPPED, CLERK)(sends(on_account=on_account, pieces=1, ordered=1))
    drives(ORDER, source, State.PARTLY_SHIPPED, CLERK)(sends(on_account=on_account, pieces=1, ordered=2))


@drives(ORDER, State.PARTLY_SHIPPED, State.SHIPPED, CLERK)
def send_the_rest(role: str) -> Taken:
    """The pieces that were still owed leave too."""
    order = parcels.order_on_its_way(State.PARTLY_SHIPPED)
    shipment = services.begin_parcel(order=order, by=person(CLERK))
    services.scan_core(shipment=shipment, by=person(CLERK), serial=parcels.fitting(order.lines.get()).serial)
    parcels.labelled(shipment)
    return take(order, lambda: hand_over(shipment, role))


@drives(ORDER, State.SHIPPED, State.PARTLY_SHIPPED, CLERK)
def lose_a_part(role: str) -> Taken:
    """A parcel was lost."""
    order = parcels.order_on_its_way(State.SHIPPED)
    return take(order, lambda: lose(order.shipments.get(), role))


@drives(ORDER, State.SHIPPED, State.COMPLETED, CLERK, OWNER)
def complete(role: str) -> Taken:
    """All parcels of an order arrived."""
    order = parcels.order_on_its_way(State.SHIPPED)
    return take(order, lambda: deliver(order.shipments.get(), role))


def refund_of_the_rest(order: Order) -> Refund:
    """Ask for the refund of the one piece of two that was not sent."""
    line = order.lines.get()
    return orders.refunded(line, cents=line.total // 2)


def give_back(target: State) -> Driver:
    """Return a driver that refunds the rest of an order whose parcel is on its way, or arrived if that completes it."""

    def driver(role: str) -> Taken:
        order = parcels.order_on_its_way(State.PARTLY_SHIPPED)
        if target == State.COMPLETED:
            deliver(order.shipments.get(), CLERK)
        refund = refund_of_the_rest(order)
        return take(order, lambda: refunds.submit(refund=refund, by=person(role)))

    return driver


def ship_after_all(source: State) -> Driver:
    """Return a driver that ships the rest after all: its refund had failed."""

    def driver(role: str) -> Taken:
        order = parcels.order_on_its_way(State.PARTLY_SHIPPED)
        if source == State.COMPLETED:
            deliver(order.shipments.get(), CLERK)
        refund = orders.failed(refund_of_the_rest(order))
        order.refresh_from_db()
        return take(order, lambda: refunds.cancel(refund=refund, by=person(role)))

    return driver


drives(ORDER, State.PARTLY_SHIPPED, State.SHIPPED, ADMINISTRATOR)(give_back(State.SHIPPED))
drives(ORDER, State.PARTLY_SHIPPED, State.COMPLETED, CLERK, ADMINISTRATOR)(give_back(State.COMPLETED))
drives(ORDER, State.SHIPPED, State.PARTLY_SHIPPED, ADMINISTRATOR)(ship_after_all(State.SHIPPED))
drives(ORDER, State.COMPLETED, State.PARTLY_SHIPPED, CLERK, ADMINISTRATOR)(ship_after_all(State.COMPLETED))
