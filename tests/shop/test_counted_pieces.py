"""Pieces without a serial number, counted into a parcel."""

import pytest

from shop.services import packing
from tests.factories import person
from tests.shop import parcels

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]


def test_more_of_a_thing_is_added_to_what_is_in_already() -> None:
    order, clerk = parcels.bought(cores=0, accessories=5), person("clerk")
    shipment = packing.begin(order=order, by=clerk)
    for pieces in (2, 3):
        packing.put(shipment=shipment, by=clerk, line=order.lines.get(), quantity=pieces)
    assert shipment.items.get(void_at__isnull=True).quantity == 5
