"""The clerks' board, and the pages on which an order is packed and sent."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.orders.models.orders import Order
from shop.parcels.models import Shipment
from shop.parcels.presenters import facts_of
from shop.parcels.services import parcel_contents
from tests.factories import person
from tests.integration.cores.devices import core_model, in_stock
from tests.shop.orders import orders
from tests.shop.parcels import parcels

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]


def columns(client: Client) -> list[str]:
    """Return the text of each column of the board."""
    page = client.get(reverse("fulfilment")).content.decode()
    return page.split('class="board__column"')[1:]


def page_of(client: Client, shipment: Shipment) -> str:
    return client.get(reverse("parcel", args=[shipment.pk])).content.decode()


def test_each_thing_stands_in_the_column_of_what_is_done_next(clerk_client: Client) -> None:
    to_approve, to_pick = orders.submitted(), parcels.bought()
    by_state = [parcels.shipment_at(state) for state in ("packing", "labelled", "handed_over")]
    found = columns(clerk_client)
    wanted = [to_approve.order.number, to_pick.number, *(shipment.number for shipment in by_state)]
    for place, number in enumerate(wanted):
        assert [number in column for column in found] == [place == each for each in range(6)], number


def test_an_empty_board_says_what_would_appear(clerk_client: Client) -> None:
    assert "Orders that are bought appear here." in columns(clerk_client)[1]


def test_an_overdue_order_is_flagged_and_its_buyer_asked(clerk_client: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=31)):
        order = parcels.bought()
    assert "Overdue since" in columns(clerk_client)[1]
    address = reverse("fulfilment_order", args=[order.number])
    assert "Ask the buyer" in clerk_client.get(address).content.decode()
    late = reverse("order_delay", args=[order.number])
    assert clerk_client.post(late, {"sent_by_then": "2020-01-01"}).status_code == 422
    then = timezone.localdate() + timedelta(days=10)
    page = clerk_client.post(late, {"sent_by_then": then.isoformat()}, follow=True).content.decode()
    assert "The buyer has not answered yet." in page
    assert "Ask the buyer" not in page


@pytest.mark.parametrize(("pieces", "is_left"), [(1, True), (2, False)])
def test_a_parcel_is_packed_while_something_is_in_none(clerk_client: Client, pieces: int, is_left: bool) -> None:
    order = parcels.packed(parcels.bought(cores=2), pieces=pieces).order
    page = clerk_client.get(reverse("fulfilment_order", args=[order.number])).text
    assert ("Pack a parcel" in page) is is_left


def test_from_the_board_to_the_carrier(clerk_client: Client) -> None:
    order = parcels.bought(accessories=2)
    clerk_client.post(reverse("order_pack", args=[order.number]))
    shipment = Shipment.objects.get()
    page = page_of(clerk_client, shipment)
    assert "autofocus" in page
    forms = [reverse(name, args=[shipment.pk]) for name in ("parcel_scan", "parcel_put")]
    assert [form in page for form in forms] == [True, True]
    core = parcels.fitting(order.lines.get(kind="core"))
    answer = clerk_client.post(reverse("parcel_scan", args=[shipment.pk]), {"serial": core.serial}, follow=True)
    assert f"Added: {core.serial}." in answer.content.decode()
    line = order.lines.get(kind="accessory")
    clerk_client.post(reverse("parcel_put", args=[shipment.pk]), {"line": line.pk, "quantity": 2})
    page = page_of(clerk_client, shipment)
    assert [form in page for form in forms] == [False, False]
    said = {"carrier": "ups", "tracking": "1z 999 aa1 01 2345 6784"}
    answer = clerk_client.post(reverse("parcel_label", args=[shipment.pk]), said, follow=True)
    assert "1Z999AA10123456784" in answer.content.decode()
    sheet = clerk_client.get(reverse("parcel_sheet", args=[shipment.pk])).content.decode()
    assert "<svg" in sheet
    assert core.serial in sheet
    page = clerk_client.get(reverse("parcel_hand_over", args=[shipment.pk])).content.decode()
    assert "checked" in page
    place = {"premises": parcels.place_of(order).pk}
    clerk_client.post(reverse("parcel_hand_over", args=[shipment.pk]), place)
    order.refresh_from_db()
    assert order.state == "shipped"
    page = clerk_client.post(reverse("parcel_act", args=[shipment.pk, "delivered"]), follow=True).content.decode()
    assert "Delivered" in page
    assert clerk_client.post(reverse("parcel_act", args=[shipment.pk, "lost"])).status_code == 409


def test_a_wrong_serial_is_refused_where_it_was_typed(clerk_client: Client) -> None:
    shipment = parcels.packed(pieces=0)
    for serial, words in (
        (in_stock(model=core_model()).serial, "none of these is owed here"),
        ("FC4-00000", "There is no CORE with the serial number FC4-00000."),
    ):
        answer = clerk_client.post(reverse("parcel_scan", args=[shipment.pk]), {"serial": serial})
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_who_brings_a_parcel_is_said_with_its_number_once_it_has_a_label() -> None:
    goes_to, *label = facts_of(parcels.labelled())
    assert label == [("Carrier", "USPS"), ("Tracking number", parcels.TRACKING)]
    assert facts_of(parcels.packed())[1:] == []
    assert goes_to[0] == "Goes to"


def test_something_is_taken_out_again(clerk_client: Client) -> None:
    shipment = parcels.packed()
    item = shipment.items.get()
    clerk_client.post(reverse("parcel_take_out", args=[shipment.pk, item.pk]))
    assert str(item.core) not in page_of(clerk_client, shipment)
    other = parcels.packed()
    assert clerk_client.post(reverse("parcel_take_out", args=[other.pk, item.pk])).status_code == 404


def test_what_left_with_its_business_can_t_be_handed_over(clerk_client: Client) -> None:
    shipment = parcels.labelled()
    Order.objects.filter(pk=shipment.order_id).update(registrant=None)
    page = clerk_client.get(reverse("parcel_hand_over", args=[shipment.pk])).content.decode()
    assert "The business has left" in page
    assert clerk_client.post(reverse("parcel_hand_over", args=[shipment.pk])).status_code == 404
    shipment.refresh_from_db()
    assert shipment.state == "labelled"


def test_a_clerk_cancels_for_the_buyer_before_it_is_sent(clerk_client: Client) -> None:
    shipment = parcels.labelled()
    number = shipment.order.number
    assert "Cancel order" in clerk_client.get(reverse("fulfilment_cancel", args=[number])).content.decode()
    clerk_client.post(reverse("fulfilment_cancel", args=[number]))
    assert clerk_client.post(reverse("parcel_hand_over", args=[shipment.pk]), {"premises": ""}).status_code in (
        200,
        409,
    )
    shipment.order.refresh_from_db()
    assert shipment.order.state == "cancelled"


def test_an_order_that_is_put_together_is_not_the_clerks(clerk_client: Client) -> None:
    draft = orders.drafted()
    assert clerk_client.get(reverse("fulfilment_order", args=[draft.number])).status_code == 404


def test_one_parcel_is_open_at_a_time(clerk_client: Client) -> None:
    order = parcels.bought()
    for _press in range(2):
        clerk_client.post(reverse("order_pack", args=[order.number]))
    assert Shipment.objects.count() == 1
    clerk_client.post(reverse("parcel_act", args=[Shipment.objects.get().pk, "drop"]))
    clerk = person("clerk")
    assert parcel_contents.begin(order=order, by=clerk) != Shipment.objects.get(state="dropped")
