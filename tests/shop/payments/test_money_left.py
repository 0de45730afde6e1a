"""Refunds are never more than is left: of a line, of an invoice, and of what was paid at all."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import task_actor
from shop.connections.models import Term
from shop.connections.services import subscriptions
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import Order, OrderLine
from shop.orders.services import invoices
from shop.orders.states import OrderState
from shop.payments.gateway.answers import Failed
from shop.payments.models import Payment, Refund, RefundSource
from shop.payments.services import notices, payments, refunds
from tests.factories import person
from tests.integration.cores.devices import owner_of
from tests.shop.orders import orders
from tests.shop.orders.orders import BACK, buyer_of
from tests.shop.parcels import parcels
from tests.shop.payments.paper import Paper
from tests.shop.returns.returned import accepted, begun, core_of, paid_back, published, received
from tests.shop.returns.test_returns import FEE
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)

ACTOR: Actor = task_actor("shop.settle")


def all_but_a_dollar(order: Order) -> OrderLine:
    """Let a clerk give back all but a dollar of an order's CORE; return the line of the CORE."""
    line = order.lines.get(kind="core")
    amounts = {line.pk: line.total - 100}
    refunds.request(payment=Payment.objects.get(), by=person("clerk"), amounts=amounts, reason="Scratched")
    return line


def test_of_a_line_goes_back_what_is_left_of_it() -> None:
    line = all_but_a_dollar(parcels.bought(accessories=2))
    assert refunds.give_for(line=line, cents=500, source=RefundSource.FEE, actor=ACTOR) == 100


def test_a_return_brings_what_is_left_of_its_line() -> None:
    published()
    order = parcels.bought(accessories=2)
    core = parcels.handed_over(parcels.labelled(parcels.packed(order))).items.exclude(core=None).get().core
    back = accepted(received(begun(core)))
    all_but_a_dollar(order)
    paid_back(back)
    assert back.refunds.get().cents == 100


def test_of_a_year_that_was_paid_in_part_that_part_goes_back_and_the_rest_goes_off_the_invoice() -> None:
    published()
    order = orders.order_at("on_account")
    orders.check_payment(order, cents=order.total - 1_000)
    core, unused = core_of(order), FEE * 11 // 12
    subscriptions.cancel_now(core=core, by=owner_of(core))
    assert (CreditNote.objects.get().total, Refund.objects.get().cents) == (1_000, unused - 1_000)
    assert Term.objects.get().refunded == unused


def test_what_is_taken_off_an_invoice_bit_by_bit_is_all_of_it_with_its_tax() -> None:
    order = orders.order_at("on_account")
    bits = [101, 10_000, order.total]
    line = order.lines.get()
    for cents in bits:
        invoices.credit_part(order=order, line=line, cents=cents, reason="Less", actor=ACTOR)
    notes = list(CreditNote.objects.order_by("number").values_list("total", "tax"))
    assert notes == [(101, 9), (10_000, 909), (order.total - 10_101, order.tax - 918)]


def test_what_was_paid_twice_and_goes_back_twice_is_credited_once(paper: Paper) -> None:
    first = orders.opened()
    paper.expire(first.session_id)
    second = payments.begin_attempt(order=first.order, by=buyer_of(first.order), return_to=BACK, keeps=True)
    for attempt in (second, first):
        paper.pay(attempt.session_id)
        payments.settle(attempt=attempt)
    paper.before["create_refund"] = [Failed("charge_disputed")]
    refunds.send_due()
    for payment in Payment.objects.all():
        by_hand = paper.refund_by_hand(payment.gateway_id, payment.captured)
        notices.follow(kind="refund.created", object_id=by_hand.id)
    assert Refund.objects.filter(source="external").count() == 2
    assert CreditNote.objects.get().total == Invoice.objects.get().total


def test_a_check_is_no_more_than_is_due() -> None:
    order = orders.order_at(OrderState.ON_ACCOUNT)
    orders.check_payment(order, cents=order.total - 100)
    error = orders.refused(lambda: orders.check_payment(order, cents=101))
    assert isinstance(error, ValidationError)
    assert "$1.00" in error.message_dict["cents"][0]
    assert orders.check_payment(order, cents=100).captured == 100
