"""Parcels, made by walking the real services: `shipment_at("delivered")` orders, pays, packs, labels, ..."""

from datetime import timedelta

from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import Core
from registry.places.models import Premises
from shop.orders.models.orders import Order, OrderLine, PurchaseOrder
from shop.orders.services import orders as order_services
from shop.orders.states import OrderState
from shop.parcels import services
from shop.parcels.models import Shipment
from shop.parcels.states import ShipmentState
from tests.factories import person
from tests.integration.cores.devices import in_stock
from tests.shop.orders import orders

TRACKING = "9400111899223344556677"


def fitting(line: OrderLine) -> Core:
    """Return a CORE in stock of the kind that a line is about."""
    return in_stock(model=line.product.core_model)


def bought(*, cores: int = 1, accessories: int = 0) -> Order:
    """Return an order that was paid: so many COREs, and so many of an accessory."""
    if (cores, accessories) == (1, 0):
        order = orders.paid().order
        order.refresh_from_db()
        return order
    things = [(orders.product(), cores)] if cores else []
    if accessories:
        things.append((orders.product(kind="accessory", cents=2_500), accessories))
    order = orders.paid(orders.placed(orders.drafted(things=tuple(things)))).order
    order.refresh_from_db()
    return order


def packed(order: Order | None = None, *, pieces: int | None = None) -> Shipment:
    """Return a parcel that is being packed, with what is owed in it, or so many pieces of it."""
    of, clerk = order or bought(), person(Role.CLERK)
    shipment = services.begin_parcel(order=of, by=clerk)
    left = pieces if pieces is not None else 1_000
    for line in of.lines.order_by("position"):
        count = min(line.quantity, left)
        left -= count
        if line.kind == "core":
            for _number in range(count):
                services.scan_core(shipment=shipment, by=clerk, serial=fitting(line).serial)
        elif count:
            services.put_pieces(shipment=shipment, by=clerk, line=line, quantity=count)
    return shipment


def labelled(shipment: Shipment | None = None) -> Shipment:
    """Return a parcel that is closed."""
    return services.label_parcel(
        shipment=shipment or packed(), by=person(Role.CLERK), carrier="usps", tracking=TRACKING
    )


def place_of(order: Order) -> Premises:
    """Return the place of the business that buys."""
    return Premises.objects.registered().filter(registrant=order.registrant).earliest("added_at")


def handed_over(shipment: Shipment | None = None) -> Shipment:
    """Return a parcel that its carrier has."""
    closed = shipment or labelled()
    return services.hand_over_parcel(shipment=closed, by=person(Role.CLERK), premises=place_of(closed.order))


def shipment_at(state: str, order: Order | None = None) -> Shipment:
    """Return a parcel at a state, walked there by the services."""
    clerk, shipment = person(Role.CLERK), packed(order)
    if state == ShipmentState.PACKING:
        return shipment
    if state == ShipmentState.DROPPED:
        return services.drop_parcel(shipment=shipment, by=clerk)
    shipment = labelled(shipment)
    if state == ShipmentState.LABELLED:
        return shipment
    shipment = handed_over(shipment)
    if state == ShipmentState.DELIVERED:
        return services.deliver_parcel(shipment=shipment, by=clerk)
    return services.lose_parcel(shipment=shipment, by=clerk) if state == ShipmentState.LOST else shipment


def order_on_its_way(state: str) -> Order:
    """Return an order at a state, with a parcel that was sent."""
    order = bought(cores=2 if state == OrderState.PARTLY_SHIPPED else 1)
    shipment = handed_over(labelled(packed(order, pieces=1)))
    if state == OrderState.COMPLETED:
        services.deliver_parcel(shipment=shipment, by=person(Role.CLERK))
    order.refresh_from_db()
    assert order.state == state
    return order


def late(order: Order | None = None, *, asked: bool = False) -> Order:
    """Return an order that had to be on its way by now; asked: its buyer was asked to wait."""
    of = order or bought()
    if asked:
        services.ask_about_delay(
            order=of, by=person(Role.CLERK), sent_by_then=timezone.localdate() + timedelta(days=20)
        )
    return of


def approved(purchase_order: PurchaseOrder) -> Order:
    """Return the order of a purchase order that a clerk approved."""
    order = order_services.approve_purchase_order(purchase_order=purchase_order, by=person(Role.CLERK)).order
    order.refresh_from_db()
    return order
