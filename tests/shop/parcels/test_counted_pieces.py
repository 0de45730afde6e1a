"""Pieces counted into a parcel, and what the database refuses of that."""

from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from shop.catalogue.models import Stock
from shop.parcels import services
from tests.factories import person
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=2)

INSERTED = (
    "INSERT INTO shop_shipmentitem (id, shipment_id, line_id, core_id, quantity, packed_at)"
    " SELECT gen_random_uuid(), shipment_id, line_id, {}, 1, now() FROM shop_shipmentitem"
)


def test_more_of_a_thing_is_added_to_what_is_in_already() -> None:
    order, clerk = parcels.bought(cores=0, accessories=5), person("clerk")
    shipment = services.begin_parcel(order=order, by=clerk)
    for pieces in (2, 3):
        services.put_pieces(shipment=shipment, by=clerk, line=order.lines.get(), quantity=pieces)
    assert shipment.items.get(void_at__isnull=True).quantity == 5


def test_what_was_lost_is_held_anew_with_the_last_piece_that_is_left() -> None:
    things = ((orders.product(on_hand=3), 2),)
    order = orders.paid(orders.placed(orders.drafted(things=things))).order
    sent = parcels.handed_over(parcels.labelled(parcels.packed(order, pieces=1)))
    services.lose_parcel(shipment=sent, by=person("clerk"))
    stock = Stock.objects.get()
    assert (stock.on_hand, stock.reserved) == (2, 2)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE shop_shipment SET state = 'delivered'",
        "DELETE FROM shop_shipment",
        "DELETE FROM shop_shipmentitem",
        "UPDATE shop_shipmentitem SET core_id = NULL",
        INSERTED.format("NULL"),
        INSERTED.format("core_id"),
    ],
)
def test_the_database_refuses_what_no_service_does(sql: str) -> None:
    shipment = parcels.packed()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert shipment.items.count() == 1
