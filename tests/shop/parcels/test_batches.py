"""Many orders packed and labeled by one press: each in full or not at all, with its own entries."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused, Stale
from shop.orders.models.orders import Order
from shop.orders.services import orders as order_services
from shop.parcels import services
from shop.parcels.models import Shipment, ShipmentItem
from shop.rules import PACKED_AT_ONCE
from tests.factories import person
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, payments=1, businesses=1, products=1)


def shelved(order: Order) -> Order:
    """Put the COREs that an order needs on the shelf; return it."""
    for line in order.lines.filter(kind="core"):
        for _core in range(line.quantity):
            parcels.fitting(line)
    return order


def press(client: Client, *numbers: str) -> Any:
    """Tick orders on the board and press the button; return the page that follows."""
    return client.post(reverse("orders_pack"), {"order": numbers}, follow=True)


class TestOne:
    def test_all_that_is_owed_is_in_one_labeled_parcel(self) -> None:
        order, clerk = shelved(parcels.bought(cores=2, accessories=3)), person(Role.CLERK)
        spare = parcels.fitting(order.lines.get(kind="core"))
        parcel = services.pack_order(order=order, by=clerk)
        assert (parcel.state, parcel.carrier) == ("labelled", "")
        serials = [item.core.serial for item in parcel.items.all() if item.core]
        assert len(serials) == 2
        assert spare.serial not in serials
        assert parcel.items.get(core=None).quantity == 3
        entries = AuditEntry.objects.filter(subject_id=str(parcel.pk)).order_by("id").values_list("event", flat=True)
        assert list(entries) == [Event.SHIPMENT_BEGUN, *[Event.SHIPMENT_PACKED] * 3, Event.SHIPMENT_LABELLED]

    def test_with_too_few_on_the_shelf_nothing_of_it_happens(self) -> None:
        order = parcels.bought(cores=2, accessories=1)
        parcels.fitting(order.lines.get(kind="core"))
        before = AuditEntry.objects.count()
        with pytest.raises(ValidationError, match="it needs 2, and 1 are in stock"):
            services.pack_order(order=order, by=person(Role.CLERK))
        assert not Shipment.objects.exists()
        assert not ShipmentItem.objects.exists()
        assert AuditEntry.objects.count() == before

    def test_what_a_colleague_is_packing_is_left_to_them(self) -> None:
        parcel = parcels.packed(parcels.bought(cores=2), pieces=1)
        with pytest.raises(Stale, match="open already"):
            services.pack_order(order=parcel.order, by=person(Role.CLERK))
        assert parcel.items.count() == 1

    def test_what_is_left_of_a_part_is_packed(self) -> None:
        order = parcels.bought(cores=2)
        parcels.handed_over(parcels.labelled(parcels.packed(order, pieces=1)))
        order.refresh_from_db()
        assert services.pack_order(order=shelved(order), by=person(Role.CLERK)).items.count() == 1

    def test_only_clerks(self) -> None:
        with pytest.raises(Refused):
            services.pack_order(order=shelved(parcels.bought()), by=person(Role.ADMINISTRATOR))


class TestMany:
    def test_what_can_be_packed_is_and_the_rest_is_left_out_and_said(self, clerk_client: Client) -> None:
        first, empty, canceled, last = (parcels.bought() for _order in range(4))
        for order in (first, canceled, last):
            shelved(order)
        order_services.cancel(order=canceled, by=person(Role.CLERK))
        answer = press(clerk_client, last.number, canceled.number, first.number, empty.number, "O-ZZZZZZZZ")
        page = answer.content.decode()
        assert "2 orders are packed and labeled." in page
        assert f"{empty.number} is left out: Of “" in page
        assert f"{canceled.number} is left out: Nothing of this order is to be sent: it is “Canceled”." in page
        assert "What is no order any more is left out." in page
        assert [parcel.order for parcel in Shipment.objects.order_by("begun_at")] == [first, last]
        labels = f"{reverse('parcel_sheets')}?" + "&amp;".join(
            f"packed={order.shipments.get().number}" for order in (first, last)
        )
        assert labels in page

    def test_pressed_again_nothing_is_packed_twice(self, clerk_client: Client) -> None:
        order = shelved(parcels.bought())
        press(clerk_client, order.number)
        page = press(clerk_client, order.number, order.number).content.decode()
        assert f"{order.number} is left out: A parcel of this order is open already." in page
        assert "packed and labeled." not in page
        assert Shipment.objects.count() == 1

    @pytest.mark.parametrize("ticked", [0, PACKED_AT_ONCE + 1])
    def test_none_and_too_many_are_refused_before_anything_is_packed(self, clerk_client: Client, ticked: int) -> None:
        order = shelved(parcels.bought())
        numbers = [order.number, *(f"O-{number:08}" for number in range(ticked))][:ticked]
        assert "Nothing was packed." in press(clerk_client, *numbers).content.decode()
        assert not Shipment.objects.exists()

    def test_a_draft_is_nobody_s(self, clerk_client: Client) -> None:
        assert "What is no order any more is left out." in press(clerk_client, orders.drafted().number).text


class TestHandingOver:
    def test_the_carrier_is_noted_when_it_takes_the_parcel(self, clerk_client: Client) -> None:
        order = shelved(parcels.bought())
        parcel = services.pack_order(order=order, by=person(Role.CLERK))
        address = reverse("parcel_hand_over", args=[parcel.pk])
        place = {"premises": parcels.place_of(order).pk}
        assert "autofocus" in clerk_client.get(address).text.split('name="tracking"')[1].split(">")[0]
        assert clerk_client.post(address, place).status_code == 422
        assert clerk_client.post(address, {**place, "carrier": "ups", "tracking": "1Z"}).status_code == 422
        parcel.refresh_from_db()
        assert parcel.state == "labelled"
        clerk_client.post(address, {**place, "carrier": "usps", "tracking": f"420 35203 {parcels.TRACKING}"})
        parcel.refresh_from_db()
        assert (parcel.state, parcel.carrier, parcel.tracking) == ("handed_over", "usps", parcels.TRACKING)
        entry = AuditEntry.objects.get(event=Event.SHIPMENT_HANDED_OVER)
        assert (entry.facts["carrier"], entry.facts["tracking"]) == ("usps", parcels.TRACKING)

    def test_without_one_it_is_not_handed_over(self) -> None:
        parcel = services.pack_order(order=shelved(parcels.bought()), by=person(Role.CLERK))
        with pytest.raises(ValidationError, match="Choose who brings it"):
            services.hand_over_parcel(shipment=parcel, by=person(Role.CLERK), premises=parcels.place_of(parcel.order))

    def test_one_that_is_known_is_not_asked_again(self) -> None:
        parcel = parcels.labelled()
        place = parcels.place_of(parcel.order)
        done = services.hand_over_parcel(
            shipment=parcel, by=person(Role.CLERK), premises=place, carrier="ups", tracking="1Z999AA10123456784"
        )
        assert (done.carrier, done.tracking) == ("usps", parcels.TRACKING)
