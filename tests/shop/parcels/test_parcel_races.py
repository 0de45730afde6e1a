"""Clerks and buyers in the same second: a CORE is in one parcel, and a parcel leaves once."""

from functools import partial

import pytest

from fusus_portal.ground.accounts.roles import Role
from shop.catalogue.models import Stock
from shop.orders.services import orders as order_services
from shop.parcels import services
from shop.parcels.models import ShipmentItem
from tests.factories import person
from tests.integration.cores.devices import in_stock
from tests.registry.test_races import at_once, kinds_of
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.parcels import parcels
from tests.shop.parcels.test_batches import shelved

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("paper")]


def test_two_clerks_put_one_serial_into_two_parcels_and_one_does() -> None:
    product = orders.product()
    each = [orders.paid(orders.placed(orders.drafted(things=((product, 1),)))).order for _number in range(2)]
    open_ones = [services.begin_parcel(order=order, by=person(Role.CLERK)) for order in each]
    serial, clerk = parcels.fitting(each[0].lines.get()).serial, person(Role.CLERK)
    outcomes = at_once(*[partial(services.scan_core, shipment=one, by=clerk, serial=serial) for one in open_ones])
    assert kinds_of(outcomes) == ["ShipmentItem", "ValidationError"]


def test_handed_over_twice_in_one_second_it_leaves_once() -> None:
    shipment = parcels.labelled()
    place, clerk = parcels.place_of(shipment.order), person(Role.CLERK)
    outcomes = at_once(
        *[lambda: services.hand_over_parcel(shipment=shipment, by=clerk, premises=place) for _number in range(3)]
    )
    assert kinds_of(outcomes) == ["Shipment", "Stale", "Stale"]
    assert Stock.objects.get(product=shipment.order.lines.get().product).on_hand == 9


def test_canceled_and_handed_over_in_one_second_it_is_one_of_the_two() -> None:
    shipment = parcels.labelled()
    order, clerk, place = shipment.order, person(Role.CLERK), parcels.place_of(shipment.order)
    buyer = buyer_of(order)
    outcomes = at_once(
        lambda: services.hand_over_parcel(shipment=shipment, by=clerk, premises=place),
        lambda: order_services.cancel(order=order, by=buyer),
    )
    assert "Stale" in kinds_of(outcomes)
    assert len(set(kinds_of(outcomes))) == 2


def test_two_clerks_who_press_at_once_take_different_cores() -> None:
    product = orders.product()
    both = [orders.paid(orders.placed(orders.drafted(things=((product, 2),)))).order for _number in range(2)]
    for _core in range(4):
        in_stock(model=product.core_model)
    clerk = person(Role.CLERK)
    outcomes = at_once(*(partial(services.pack_order, order=order, by=clerk) for order in both))
    assert kinds_of(outcomes) == ["Shipment", "Shipment"]
    assert ShipmentItem.objects.values("core").distinct().count() == 4


def test_one_order_pressed_twice_in_a_second_is_packed_once() -> None:
    order, clerk = shelved(shelved(parcels.bought())), person(Role.CLERK)
    outcomes = at_once(*(partial(services.pack_order, order=order, by=clerk) for _press in range(2)))
    assert kinds_of(outcomes) == ["Shipment", "Stale"]
