"""Clerks read who did what to an order: it is not theirs."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from shop.orders.models.orders import Order, PurchaseOrder
from shop.orders.presenters.orders import CLERK, moments_of
from shop.orders.states import OrderState
from shop.parcels.presenters import ClerkPage
from tests.shop.connections.renewed import owing
from tests.shop.orders import orders
from tests.unsaved import beside

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 12, tzinfo=timezone.get_default_timezone())
HAS_NEXT = ("awaiting_payment", "awaiting_approval", "paid", "on_account", "partly_shipped")


def order_of(**columns: Any) -> Order:
    """Return an order of one CORE that is not saved, with no parcel yet."""
    order = Order(**{"bought_at": NOW, "goods": 100_00, "discount": 0, "tax": 0, "total": 100_00, **columns})
    return beside(order, lines=[orders.unsaved_line()], shipments=[])


def page_of(order: Order) -> ClerkPage:
    return ClerkPage(order, User(role="clerk"), [])


@pytest.mark.parametrize(
    ("columns", "purchase", "parts"),
    [
        ({"placed_at": NOW}, {}, ["The buyer placed the order"]),
        ({}, {"approved_at": NOW}, ["Purchase order PO-7 was approved"]),
        ({}, {"declined_at": NOW, "reason": "Too old"}, ["Purchase order PO-7 was declined: Too old"]),
    ],
)
def test_clerks_read_who_did_it(columns: dict[str, Any], purchase: dict[str, Any], parts: list[str]) -> None:
    order = order_of(**columns)
    order.purchase_order = PurchaseOrder(number="PO-7", **purchase)
    assert [moment.text for moment in page_of(order).timeline] == parts


@pytest.mark.parametrize("state", OrderState)
def test_what_comes_next_is_not_the_clerks_own(state: OrderState) -> None:
    found = page_of(order_of(state=state)).next_text
    assert bool(found) is (state in HAS_NEXT)
    assert "you" not in found.casefold().replace("buyer", "")


@pytest.mark.usefixtures("paper")
def test_clerks_read_of_a_declined_card_what_the_bank_said() -> None:
    assert "The card could not be charged. The bank declined the card." in [
        moment.text for moment in moments_of(owing(), [], CLERK)
    ]


@pytest.mark.usefixtures("paper")
def test_a_refund_is_offered_and_announced_where_something_was_paid() -> None:
    page = page_of(orders.paid().order)
    assert page.can_refund
    assert page.cancel_words.startswith("$385.00 goes back to the buyer, to the card")
    assert not page_of(orders.placed()).can_refund
