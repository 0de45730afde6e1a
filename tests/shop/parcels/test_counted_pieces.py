"""Pieces without a serial number, counted into a parcel."""

import pytest

from shop.models import Stock
from shop.services import packing, sending
from tests.factories import person
from tests.shop import orders as made
from tests.shop import parcels

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]


def test_more_of_a_thing_is_added_to_what_is_in_already() -> None:
    order, clerk = parcels.bought(cores=0, accessories=5), person("clerk")
    shipment = packing.begin(order=order, by=clerk)
    for pieces in (2, 3):
        packing.put(shipment=shipment, by=clerk, line=order.lines.get(), quantity=pieces)
    assert shipment.items.get(void_at__isnull=True).quantity == 5


def test_what_was_lost_is_held_anew_with_the_last_piece_that_is_left() -> None:
    things = ((made.product(on_hand=3), 2),)
    order = made.paid(made.placed(made.drafted(things=things))).order
    sent = parcels.handed_over(parcels.labelled(parcels.packed(order, pieces=1)))
    sending.lose(shipment=sent, by=person("clerk"))
    stock = Stock.objects.get()
    assert (stock.on_hand, stock.reserved) == (2, 2)
