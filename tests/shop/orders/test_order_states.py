"""Pages of orders at each state: what happened, what comes next, and what can be done."""

import re
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from integration.cores.models import Core
from shop.catalogue import services as catalogue
from shop.orders.models.invoices import Invoice
from shop.orders.models.orders import Order, PurchaseOrder
from shop.orders.presenters.checkout import paid_words
from shop.orders.presenters.money import goods_lines, tax_words, totals
from shop.orders.presenters.orders import BUYER, OrderCard, OrderPage, Parcel, moments_of, order_page
from shop.orders.selectors import orders as order_selectors
from shop.orders.states import OrderState, Standing
from shop.parcels.models import Shipment, ShippingDelay
from shop.parcels.presenters import deadline_tag
from shop.parcels.states import ShipmentState
from shop.payments.models import Payment, Refund
from shop.payments.states import AttemptState, RefundState
from shop.rules import SHIP_SOON, SHIP_WITHIN
from tests.factories import person
from tests.people import sign_in
from tests.shop.connections.renewed import owing, renewed
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.worlds import ready_with
from tests.unsaved import beside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)

NOW = datetime(2026, 4, 1, 12, tzinfo=timezone.get_default_timezone())
TAG = re.compile(r'class="usa-tag[^"]*">([^<]+)<')
NEXT = {
    "awaiting_payment": "Next: the payment.",
    "awaiting_approval": "Next: a clerk reviews",
    "paid": "Next: we ship it, by May 1, 2026",
    "on_account": "Next: we ship it, by May 1, 2026",
    "partly_shipped": "Next: we ship it, by May 1, 2026",
}


def order_of(**columns: Any) -> Order:
    """Return an order of one CORE that is not saved, with no parcel yet."""
    order = Order(**{"bought_at": NOW, "goods": 100_00, "discount": 0, "tax": 0, "total": 100_00, **columns})
    return beside(order, lines=[orders.unsaved_line()], shipments=[])


def page_of(order: Order, role: str = "business") -> OrderPage:
    return OrderPage(order, User(role=role), [])


def said(order: Order, *refunds: Refund) -> list[str]:
    return [moment.text for moment in moments_of(order, list(refunds), BUYER)]


@pytest.mark.parametrize("state", OrderState)
def test_what_comes_next(state: OrderState) -> None:
    with time_machine.travel(NOW):
        found = page_of(order_of(state=state)).next_text
    assert found.startswith(NEXT.get(state, ""))
    assert bool(found) is (state in NEXT)


def test_what_comes_next_of_one_that_is_late() -> None:
    order = beside(order_of(state="paid"), delays=[])
    with time_machine.travel(NOW + SHIP_WITHIN + timedelta(minutes=1)):
        assert page_of(order).next_text.endswith("It had to ship by May 1, 2026, so it is late.")
        beside(order, delays=[ShippingDelay(sent_by_then=NOW.date())])
        assert page_of(order).next_text == "Next: you tell us whether you will wait, or cancel the order."


@pytest.mark.parametrize("state", ShipmentState)
def test_a_parcel_is_on_its_way_or_there(state: ShipmentState) -> None:
    parcel = Parcel(Shipment(state=state))
    assert parcel.is_on_its_way is (state == "handed_over")
    assert parcel.has_arrived is (state == "delivered")


def test_a_parcel_that_arrived_shows_its_core_until_it_is_activated() -> None:
    order = parcels.bought(accessories=2)
    shipment = parcels.handed_over(parcels.labelled(parcels.packed(order)))
    sent = order_selectors.one(order.number)
    [parcel] = order_page(sent, orders.buyer_of(order)).parcels
    [serial] = Core.objects.values_list("serial", flat=True)
    core, accessory = (line.name for line in sent.lines.all())
    assert sorted(parcel.items) == sorted([f"{core}, {serial}", f"2 × {accessory}"])  # noqa: RUF001
    assert parcel.cores == []
    assert "Next: the parcel arrives." in order_page(sent, orders.buyer_of(order)).next_text
    shipment.refresh_from_db()
    sent.shipments.all()[0].state = ShipmentState.DELIVERED
    assert [core.serial for core in parcel.cores] == [serial]
    parcel.cores[0].state = "active"
    assert parcel.cores == []


def test_a_parcel_that_was_never_sent_is_not_shown() -> None:
    shipment = parcels.shipment_at("dropped")
    assert order_page(order_selectors.one(shipment.order.number), orders.buyer_of(shipment.order)).parcels == []


@pytest.mark.parametrize(
    ("state", "parts"),
    [
        ("handed_over", ["shipped (USPS)"]),
        ("delivered", ["shipped (USPS)", "arrived"]),
        ("lost", ["shipped (USPS)", "was lost. We will send what was in it again."]),
        ("dropped", []),
    ],
)
def test_what_happened_to_a_parcel(state: str, parts: list[str]) -> None:
    shipment = parcels.shipment_at(state)
    found = [text for text in said(order_selectors.one(shipment.order.number)) if text.startswith("Parcel")]
    assert found == [f"Parcel {shipment.number} {part}" for part in parts]


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({}, []),
        ({"placed_at": NOW}, ["You placed the order"]),
        ({"placed_at": NOW, "renews_id": 1, "method": "card"}, ["The year was announced"]),
        ({"placed_at": NOW, "renews_id": 1, "method": "purchase_order"}, ["You placed the order"]),
        ({"placed_at": NOW, "method": "card"}, ["You placed the order"]),
        ({"ended_at": NOW, "state": "cancelled"}, ["The order was canceled"]),
        ({"ended_at": NOW, "state": "expired"}, ["The order was not paid in time"]),
        ({"ended_at": NOW, "state": "completed"}, []),
        ({"state": "cancelled"}, []),
    ],
)
def test_what_happened_to_an_order(columns: dict[str, Any], parts: list[str]) -> None:
    assert said(order_of(**columns)) == parts


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({}, []),
        ({"approved_at": NOW}, ["Your purchase order PO-7 was approved"]),
        ({"declined_at": NOW, "reason": "Too old"}, ["Your purchase order PO-7 was declined: Too old"]),
    ],
)
def test_what_became_of_a_purchase_order(columns: dict[str, Any], parts: list[str]) -> None:
    order = order_of()
    order.purchase_order = PurchaseOrder(number="PO-7", **columns)
    assert said(order) == parts


@pytest.mark.parametrize("state", RefundState)
def test_what_became_of_a_refund(state: RefundState) -> None:
    by_card = Payment(method="card")
    refund = Refund(payment=by_card, state=state, cents=5_00, requested_at=NOW, settled_at=NOW + timedelta(days=1))
    on_its_way = [(NOW, "A refund of $5.00 is on its way")]
    told = {
        "requested": on_its_way,
        "submitted": on_its_way,
        "pending": on_its_way,
        "succeeded": [(NOW + timedelta(days=1), "$5.00 was refunded")],
    }
    found = [(moment.at, moment.text) for moment in moments_of(order_of(), [refund], BUYER)]
    assert found == told.get(str(state), [])


def test_a_refund_that_a_clerk_asked_for_is_on_its_way_once_it_is_sent() -> None:
    by_card, clerk = Payment(method="card"), User(role="clerk")
    refund = Refund(payment=by_card, state="requested", cents=5_00, requested_at=NOW, clerk=clerk)
    assert said(order_of(), refund) == ["A refund of $5.00 was asked for"]
    refund.state = RefundState.SUBMITTED
    assert said(order_of(), refund) == ["A refund of $5.00 is on its way"]


@pytest.mark.usefixtures("paper")
def test_a_year_that_was_charged_says_nothing_of_a_card_that_could_not_be() -> None:
    assert not [text for text in said(renewed()) if "could not be charged" in text]


@pytest.mark.usefixtures("paper")
def test_when_a_card_could_not_be_charged_is_when_its_bank_said_so() -> None:
    order = owing()
    found = {moment.text: moment.at for moment in moments_of(order, [], BUYER)}
    said = "Your card could not be charged. Your bank declined the card."
    assert found[said] == order.attempts.get().settled_at


@pytest.mark.usefixtures("paper")
def test_a_card_that_could_be_charged_in_the_end_is_said_to_be_paid_alone() -> None:
    order = owing()
    order.attempts.update(state=AttemptState.SUCCEEDED)
    assert not [text for text in said(order) if "could not be charged" in text]


@pytest.mark.parametrize("state", OrderState)
def test_a_further_year_is_paid_or_on_account_where_an_order_is_completed(state: OrderState) -> None:
    paid, bill = Payment(captured=100_00), beside(Invoice(total=100_00), credit_notes=[])
    money: dict[str, dict[str, list[Any]]] = {
        "Paid": {"payments": [paid], "invoices": [bill]},
        "On account": {"payments": [], "invoices": [bill]},
    }
    of_year, of_goods = (
        {
            words: OrderCard(beside(order_of(state=state, renews_id=year), **rows)).state_words
            for words, rows in money.items()
        }
        for year in (1, None)
    )
    label = str(state.label)
    if state == OrderState.COMPLETED:
        assert of_year == {words: words for words in money}
        assert of_goods == {"Paid": label, "On account": "Arrived, not paid yet"}
    else:
        assert of_goods == of_year
        assert of_goods["On account"] == label
        assert of_goods["Paid"] == ("Paid" if state == OrderState.ON_ACCOUNT else label)


def test_each_page_and_list_says_that_an_order_on_account_is_paid_once_it_is(clerk_client: Client) -> None:
    order = parcels.approved(orders.submitted())
    browser, number = sign_in(orders.buyer_of(order)), order.number

    def tags() -> list[str]:
        pages = [browser.get(reverse("orders")), browser.get(reverse("order", args=[number]))]
        pages += [clerk_client.get(reverse("fulfilment_orders"))]
        pages += [clerk_client.get(reverse("fulfilment_order", args=[number]))]
        return [found[1].strip() for page in pages if (found := TAG.search(page.text[page.text.index("<main") :]))]

    assert tags() == ["On account"] * 4
    orders.check_payment(order)
    assert tags() == ["Paid"] * 4


def test_an_order_on_account_that_arrived_is_said_to_be_completed_once_it_is_paid(clerk_client: Client) -> None:
    order = parcels.approved(orders.submitted())
    parcels.shipment_at("delivered", order)
    browser = sign_in(orders.buyer_of(order))
    for words, state in (("Arrived, not paid yet", "arrived_unpaid"), ("Completed", "completed")):
        for page in (
            browser.get(reverse("orders")),
            browser.get(reverse("order", args=[order.number])),
            clerk_client.get(reverse("fulfilment_orders"), {"state": state}),
            clerk_client.get(reverse("fulfilment_order", args=[order.number])),
        ):
            found = TAG.search(page.text[page.text.index("<main") :])
            assert found is not None
            assert found[1].strip() == words
        if words != "Completed":
            orders.check_payment(order)


def test_clerks_choose_among_the_states_that_their_list_says(clerk_client: Client) -> None:
    account = parcels.approved(orders.submitted())
    orders.check_payment(account)
    refunded = parcels.bought()
    orders.sent_back(orders.refunded(refunded.lines.get()))
    owed = parcels.approved(orders.submitted())
    address, found = reverse("fulfilment_orders"), {}
    for state, words in Standing.choices:
        page = clerk_client.get(address, {"state": state}).text
        assert (f">{words}</option>" in page) == (state != Standing.DRAFT)
        found[state] = [order.number for order in (account, refunded, owed) if order.number in page]
    expected = {"paid": [account.number], "refunded": [refunded.number], "on_account": [owed.number]}
    assert {state: numbers for state, numbers in found.items() if numbers and state != Standing.DRAFT} == expected


def test_it_can_be_paid_while_it_waits_and_its_time_is_not_over() -> None:
    soon = timezone.now() + timedelta(minutes=1)
    assert page_of(order_of(state="awaiting_payment", reserved_until=soon)).can_be_paid
    assert page_of(order_of(state="awaiting_payment", reserved_until=soon)).next_text.startswith(
        "Next: the payment. We hold your order until "
    )
    assert not page_of(order_of(state="awaiting_payment", reserved_until=timezone.now())).can_be_paid
    assert not page_of(order_of(state="awaiting_payment")).can_be_paid
    assert page_of(order_of(state="awaiting_payment", renews_id=1)).can_be_paid
    assert not page_of(order_of(state="paid", reserved_until=soon)).can_be_paid


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"state": "paid"}, ""),
        ({"state": "partly_shipped"}, "It has shipped"),
        ({"state": "shipped"}, "It has shipped"),
        ({"state": "completed"}, "It has shipped"),
        ({"state": "completed", "method": "charge"}, "This is a bill."),
        ({"state": "awaiting_payment", "renews_id": 1}, "cancel the connection"),
    ],
)
def test_why_it_can_not_be_canceled(columns: dict[str, Any], why: str) -> None:
    found = page_of(order_of(**columns)).why_no_cancel
    assert why in found
    assert bool(found) is bool(why)


@pytest.mark.usefixtures("paper")
def test_what_was_given_back_in_full_does_not_go_back_again() -> None:
    payment = orders.paid()
    assert page_of(payment.order).cancel_words.startswith("You get $385.00 back to the card that you paid with.")
    orders.requested(payment, cents=payment.captured)
    assert "You owe nothing." in page_of(order_selectors.one(payment.order.number)).cancel_words


@pytest.mark.parametrize(
    ("columns", "heading", "waits"),
    [
        ({"state": "completed", "renews_id": 1}, "the CORE stays connected", False),
        ({"state": "completed"}, "is on the page of your order.", False),
        ({"state": "paid"}, "when it ships", False),
        ({"state": "expired"}, "we send it if it is still there", False),
        ({"state": "expired", "renews_id": 1}, "If you paid anyway, we refund it", False),
        ({"state": "cancelled"}, "You owe nothing.", False),
        ({"state": "awaiting_payment"}, "We have not received a payment yet.", True),
        ({"state": "awaiting_payment", "renews_id": 1}, "We have not received a payment yet.", True),
    ],
)
def test_what_is_said_after_the_payment_page(columns: dict[str, Any], heading: str, waits: bool) -> None:
    _title, words, is_waiting = paid_words(order_of(**columns))
    assert heading in words
    assert is_waiting is waits


@pytest.mark.usefixtures("paper")
def test_after_the_payment_page_a_payment_may_be_in_process() -> None:
    assert "is still processing it" in paid_words(orders.attempt_at("processing").order)[1]


@pytest.mark.usefixtures("paper")
def test_while_a_payment_is_in_process_it_is_neither_paid_again_nor_canceled() -> None:
    page = page_of(orders.attempt_at("processing").order)
    assert not page.can_be_paid
    assert page.next_text == "Next: the payment service finishes the payment."
    assert "is being processed" in page.why_no_cancel


def test_when_it_is_sent_at_the_latest_stands_there_with_its_warning() -> None:
    by = NOW + SHIP_WITHIN
    order, second = order_of(state="paid", registrant_id=uuid4()), timedelta(seconds=1)
    assert deadline_tag(order_of(state="shipped"), NOW) == ("", "")
    assert deadline_tag(order, by - SHIP_SOON) == ("quiet", "Send by May 1")
    assert deadline_tag(order, by - SHIP_SOON + second) == ("warn", "Send by May 1")
    assert deadline_tag(order, by) == ("warn", "Send by May 1")
    assert deadline_tag(order, by + second) == ("bad", "Overdue since May 1")


def test_goods_fees_and_discount_are_lines_of_their_own() -> None:
    assert goods_lines(goods=10_00, first_fees=0, discount=0) == [("Items", "$10.00")]
    assert goods_lines(goods=10_00, first_fees=2_00, discount=1_00) == [
        ("Items", "$10.00"),
        ("First-year fees", "$2.00"),
        ("Discount", "-$1.00"),
    ]


@pytest.mark.usefixtures("paper")
def test_what_an_order_costs_line_by_line() -> None:
    sold = orders.product(cents=10_000, fee=3_000, included=False)
    catalogue.add_discount(product=sold, by=person("administrator"), from_quantity=2, basis_points=1_000)
    order = orders.placed(orders.drafted(things=((sold, 2),)))
    [(_what, words, _net)] = page_of(order).lines
    assert words == "2 at $100.00 each, with $30.00 each for the first year, $20.00 less"
    said = totals(order)
    assert said.parts == [
        ("Items", "$200.00"),
        ("First-year fees", "$60.00"),
        ("Discount", "-$20.00"),
        ("Sales tax (10%)", "$24.00"),
    ]
    assert said.sum == ("To be paid now", "$264.00")
    assert said.later == ("Each later year, plus sales tax", "$60.00")


@pytest.mark.parametrize(
    ("rates", "words"),
    [([1000], "Sales tax (10%)"), ([825, 825], "Sales tax (8.25%)"), ([400, 1000], "Sales tax"), ([0], "Sales tax")],
)
def test_sales_tax_says_its_rate_where_there_is_one(rates: list[int], words: str) -> None:
    assert tax_words(rates) == words


@pytest.mark.parametrize(
    ("columns", "method", "sum_"),
    [
        ({"state": "awaiting_payment"}, None, "To be paid now"),
        ({"state": "awaiting_payment", "renews_id": 1}, None, "Total"),
        ({"state": "draft"}, "card", "To be paid now"),
        ({"state": "draft"}, "purchase_order", "Total"),
        ({"state": "paid"}, None, "Total"),
    ],
)
def test_what_the_sum_is_called(columns: dict[str, Any], method: str | None, sum_: str) -> None:
    assert totals(order_of(**columns), method=method).sum[0] == sum_
