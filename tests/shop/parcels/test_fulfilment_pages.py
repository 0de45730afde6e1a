"""The clerks' board, and the pages on which an order is packed and sent."""

import re
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages import times
from shop.catalogue.presenters import pieces
from shop.orders.models.orders import Order
from shop.parcels import services
from shop.parcels.models import Shipment
from shop.parcels.presenters import parcel_facts
from tests.factories import person
from tests.integration.cores.devices import business_at, core_model, in_stock
from tests.registry.entries import entries_of
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.returns import returned
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=2)


STEPS = ("approve", "pick", "pack", "unpack", "ship", "way", "services", "returned", "inspect", "overdue")


def board(client: Client) -> dict[str, str]:
    """Return the text of each step that is on the board."""
    page = client.get(reverse("fulfilment")).content.decode().split('id="stock"')[0]
    return {part.split('"')[0]: part for part in page.split('<section id="')[1:]}


def counts(client: Client) -> dict[str, int]:
    """Return how much the top of the board says is at each step."""
    page = client.get(reverse("fulfilment")).content.decode().split('class="steps"')[1].split("</ul>")[0]
    found = re.findall(r"<strong>(\d+)</strong>", page)
    return dict(zip(STEPS, map(int, found), strict=True))


def page_of(client: Client, shipment: Shipment) -> str:
    return client.get(reverse("parcel", args=[shipment.pk])).content.decode()


def test_each_thing_stands_in_the_column_of_what_is_done_next(clerk_client: Client) -> None:
    wanted = {"approve": orders.submitted().order.number, "pick": parcels.bought().number}
    for step, state in (("pack", "packing"), ("ship", "labelled"), ("way", "handed_over")):
        wanted[step] = parcels.shipment_at(state).number
    wanted["services"] = orders.services_alone().number
    for step, state in (("returned", "label_sent"), ("inspect", "received")):
        wanted[step] = returned.return_at(state).number
    found = board(clerk_client)
    assert list(found) == list(wanted)
    for step, number in wanted.items():
        assert [each for each, text in found.items() if f">{number}</a>" in text] == [step]
    sent = Shipment.objects.filter(state="handed_over").count()
    assert counts(clerk_client) == {step: int(step in wanted) for step in STEPS} | {"way": sent}


def test_the_oldest_is_first_and_says_since_when(clerk_client: Client) -> None:
    made = {}
    for days in (2, 9, 5):
        with time_machine.travel(timezone.now() - timedelta(days=days)):
            made[days] = parcels.shipment_at("labelled")
    text = board(clerk_client)["ship"]
    places = [text.index(made[days].number) for days in (9, 5, 2)]
    assert places == sorted(places)
    assert "5\xa0days ago" in text
    assert f'title="{times.moment(made[5].labelled_at)}"' in text  # type: ignore[arg-type]
    for shipment in made.values():
        assert f"<code>{shipment.items.get().core}</code>" in text


def test_an_empty_board_counts_nothing(clerk_client: Client) -> None:
    assert board(clerk_client) == {}
    assert set(counts(clerk_client).values()) == {0}


def test_the_stock_is_the_number_that_visitors_and_administrators_read(
    client: Client, clerk_client: Client, administrator_client: Client
) -> None:
    product = orders.product(on_hand=5)
    for _order in range(2):
        orders.placed(orders.drafted(things=((product, 1),)))
    for _core in range(6):
        in_stock(model=product.core_model)
    page = clerk_client.get(reverse("fulfilment")).content.decode().split('id="stock"')[1]
    assert re.findall(r'<td class="number"[^>]*>\s*(\d+)', page) == ["3", "2", "5", "0", "6"]
    assert "1 more than counted" in page
    assert "Only 3 left" in client.get(reverse("product", args=[product.slug])).text
    assert "3 left, 2 kept for orders" in administrator_client.get(reverse("catalogue")).text


def test_an_overdue_order_is_flagged_and_its_buyer_asked(clerk_client: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=31)):
        order = parcels.bought()
    assert "Overdue since" in board(clerk_client)["pick"]
    address = reverse("fulfilment_order", args=[order.number])
    assert "Ask the buyer" in clerk_client.get(address).content.decode()
    late = reverse("order_delay", args=[order.number])
    refused = clerk_client.post(late, {"sent_by_then": "2020-01-01"})
    assert refused.status_code == 422
    assert f'data-shown-at="{address}"' in refused.content.decode()
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
    page = clerk_client.get(reverse("parcel_hand_over", args=[shipment.pk])).content.decode()
    assert "checked" in page
    place = {"premises": parcels.place_of(order).pk}
    clerk_client.post(reverse("parcel_hand_over", args=[shipment.pk]), place)
    order.refresh_from_db()
    assert order.state == "shipped"
    page = clerk_client.post(reverse("parcel_act", args=[shipment.pk, "delivered"]), follow=True).content.decode()
    assert "Delivered" in page
    assert clerk_client.post(reverse("parcel_act", args=[shipment.pk, "lost"])).status_code == 409


def test_carrier_and_box_of_the_last_parcel_are_chosen_for_the_next(clerk_client: Client, clerk: User) -> None:
    first = services.begin_parcel(order=parcels.bought(), by=clerk)
    services.scan_core(shipment=first, by=clerk, serial=parcels.fitting(first.order.lines.get()).serial)
    assert "checked" not in page_of(clerk_client, first)
    said = {"carrier": "ups", "tracking": "1Z999AA10123456784", "box": "medium"}
    clerk_client.post(reverse("parcel_label", args=[first.pk]), said)
    first.refresh_from_db()
    assert (first.carrier, first.box) == ("ups", "medium")
    assert entries_of(Event.SHIPMENT_LABELLED)[-1].facts["box"] == "medium"
    assert ("Box", "Medium box") in parcel_facts(first)
    parcels.labelled()  # a colleague's, by USPS
    page = page_of(clerk_client, parcels.packed())
    assert re.findall(r'value="(\w+)"[^>]* checked', page) == ["ups"]
    assert re.findall(r'value="(\w+)" selected', page) == ["medium"]


def test_a_box_that_is_none_is_refused(clerk: User) -> None:
    with pytest.raises(ValidationError, match="Choose one of these"):
        services.label_parcel(
            shipment=parcels.packed(), by=clerk, carrier="usps", tracking=parcels.TRACKING, box="crate"
        )


def test_the_queue_goes_on_after_a_scan(clerk_client: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        older = parcels.bought()
    parcels.bought()
    shipment = parcels.packed()
    page = page_of(clerk_client, shipment)
    assert re.search(r'name="tracking"[^>]* autofocus', page)
    said = {"carrier": "usps", "tracking": parcels.TRACKING}
    answer = clerk_client.post(reverse("parcel_label", args=[shipment.pk]), said, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("fulfilment_order", args=[older.number])
    assert f"{shipment.number} is closed. The next order to pack is {older.number}." in answer.text


def test_the_next_parcel_for_the_carrier_follows_the_one_that_left(clerk_client: Client) -> None:
    first, second = parcels.labelled(), parcels.labelled()
    for shipment, following in ((first, second), (second, None)):
        place = {"premises": parcels.place_of(shipment.order).pk}
        answer = clerk_client.post(reverse("parcel_hand_over", args=[shipment.pk]), place)
        name, pk = ("parcel_hand_over", following.pk) if following else ("parcel", shipment.pk)
        assert answer.headers["Location"] == reverse(name, args=[pk])


def test_a_row_says_what_is_in_the_way(clerk_client: Client) -> None:
    product = orders.product(on_hand=3)
    for _number in range(2):
        in_stock(model=product.core_model)
    waiting = []
    for number in (1, 2):
        order = orders.paid(orders.placed(orders.drafted(things=((product, number),)))).order
        waiting.append(order.number)
    begun, labelled = parcels.packed(parcels.bought(accessories=2), pieces=1), parcels.packed()
    services.label_parcel(shipment=labelled, by=person("clerk"))
    found = board(clerk_client)
    rows = {number: row for row in found["pick"].split("<tr>") for number in waiting if f">{number}</a>" in row}
    assert "it needs" not in rows[waiting[0]]
    # The older order takes one of the two that are there.
    assert "it needs 2, and 1 are in stock." in rows[waiting[1]]
    assert f"Still to pack: {pieces(2, begun.order.lines.get(kind='accessory').name)}" in found["pack"]
    assert begun.number in found["pack"]
    assert "Its carrier and tracking number are missing." in found["ship"]


def test_a_wrong_serial_is_refused_where_it_was_typed(clerk_client: Client) -> None:
    shipment = parcels.packed(pieces=0)
    for serial, words in (
        (in_stock(model=core_model()).serial, "none of these is owed here"),
        ("FC4-00000", "There is no CORE with the serial number FC4-00000."),
    ):
        answer = clerk_client.post(reverse("parcel_scan", args=[shipment.pk]), {"serial": serial})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert words in page
        assert f'data-shown-at="{reverse("parcel", args=[shipment.pk])}"' in page
        # The next scan goes into an empty field.
        assert page.count(" autofocus") == 1
        assert f'value="{serial}"' not in page


def test_the_start_page_leads_a_labelled_parcel_to_its_handing_over(clerk_client: Client) -> None:
    shipment = parcels.labelled()
    page = clerk_client.get(reverse("console")).content.decode()
    assert f'href="{reverse("parcel_hand_over", args=[shipment.pk])}"' in page


def test_who_brings_a_parcel_is_said_with_its_number_once_it_has_a_label() -> None:
    goes_to, *label = parcel_facts(parcels.labelled())
    assert label == [("Carrier", "USPS"), ("Tracking number", parcels.TRACKING)]
    assert parcel_facts(parcels.packed())[1:] == []
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
    assert clerk_client.post(reverse("parcel_hand_over", args=[shipment.pk])).status_code == 409
    shipment.refresh_from_db()
    assert shipment.state == "labelled"
    assert [step for step, text in board(clerk_client).items() if shipment.number in text] == ["unpack"]
    assert clerk_client.get(reverse("parcel_sheet", args=[shipment.pk])).status_code == 409
    assert "The business has left" in page_of(clerk_client, shipment)


def test_no_core_is_packed_for_a_business_that_has_left(clerk_client: Client) -> None:
    order = parcels.bought()
    Order.objects.filter(pk=order.pk).update(registrant=None)
    assert "The business has left" in board(clerk_client)["pick"]
    shipment = services.begin_parcel(order=order, by=person("clerk"))
    serial = parcels.fitting(order.lines.get()).serial
    page = clerk_client.post(reverse("parcel_scan", args=[shipment.pk]), {"serial": serial})
    assert (page.status_code, shipment.items.count()) == (422, 0)
    assert "no CORE can be given to it. Cancel the order." in page.text


def test_a_clerk_cancels_for_the_buyer_before_it_is_sent(clerk_client: Client) -> None:
    shipment = parcels.labelled()
    number = shipment.order.number
    assert "Cancel order" in clerk_client.get(reverse("fulfilment_cancel", args=[number])).content.decode()
    clerk_client.post(reverse("fulfilment_cancel", args=[number]))
    assert clerk_client.post(reverse("parcel_hand_over", args=[shipment.pk]), {"premises": ""}).status_code in (
        409,
        422,
    )
    shipment.order.refresh_from_db()
    assert shipment.order.state == "cancelled"


def test_an_order_that_is_put_together_is_not_the_clerks(clerk_client: Client) -> None:
    draft = orders.drafted()
    assert clerk_client.get(reverse("fulfilment_order", args=[draft.number])).status_code == 404


def test_a_business_is_found_by_a_part_of_its_name(clerk_client: Client) -> None:
    owner = business_at()
    owner.name = "Müller & Sons 100% Hardware"
    owner.save(update_fields=["name"])
    theirs, others = orders.placed(orders.drafted(owner=owner)), parcels.bought()
    address = reverse("fulfilment_orders")
    for text in ("sons", "  MÜLLER & ", "100%"):
        page = clerk_client.get(address, {"q": text}).text
        assert theirs.number in page
        assert others.number not in page
    assert clerk_client.get(address, {"q": theirs.number.lower()})["Location"].endswith(f"{theirs.number}/")
    for text in ("nobody's", "%", "_", "9" * 300):
        page = clerk_client.get(address, {"q": text}).text
        assert others.number not in page, text
    assert "No order like this" in page


def test_one_parcel_is_open_at_a_time(clerk_client: Client) -> None:
    order = parcels.bought()
    for _press in range(2):
        clerk_client.post(reverse("order_pack", args=[order.number]))
    assert Shipment.objects.count() == 1
    clerk_client.post(reverse("parcel_act", args=[Shipment.objects.get().pk, "drop"]))
    clerk = person("clerk")
    assert services.begin_parcel(order=order, by=clerk) != Shipment.objects.get(state="dropped")
