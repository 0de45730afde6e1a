"""Many at once, each in a session of its own: the guarantees of decisions/shop/shop-money.md, against PostgreSQL."""

import random
import re
import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from shop.catalogue.models import Product, Stock
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import Order, PurchaseOrder
from shop.orders.services import carts, orders as order_services
from shop.orders.states import OrderState
from shop.payments.models import Payment, PaymentAttempt, Refund, RefundLine
from shop.payments.services import payments, refunds
from shop.payments.states import RefundState
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.registry.entries import entries_of
from tests.registry.test_races import at_once, kinds_of
from tests.shop.orders import orders
from tests.shop.orders.orders import BACK, SENDING, buyer_of
from tests.shop.payments.paper import Paper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("paper")]


def drafts_of(count: int, *things: Product) -> list[Order]:
    """Return drafts of different businesses, each of one piece of each product."""
    return [orders.drafted(owner=business_at(), things=tuple((each, 1) for each in things)) for _number in range(count)]


def placing(order: Order) -> Callable[[], Order]:
    by = buyer_of(order)
    return lambda: order_services.place(order=order, by=by, consents=True)


def test_eight_buyers_of_the_last_one_and_one_gets_it() -> None:
    last = orders.product(on_hand=1)
    outcomes = at_once(*[placing(order) for order in drafts_of(8, last)])
    assert kinds_of(outcomes) == ["Order", *["ValidationError"] * 7]
    stock = Stock.objects.get(product=last)
    assert (stock.on_hand, stock.reserved) == (1, 1)
    lost = [outcome for outcome in outcomes if isinstance(outcome, ValidationError)]
    assert all("sold out" in error.message_dict["lines"][0] for error in lost)


def test_carts_in_any_order_never_block_each_other_for_good() -> None:
    things = [orders.product(kind="accessory", on_hand=8) for _number in range(4)]
    waiting = [orders.drafted(owner=business_at(), things=shuffled(things)) for _number in range(8)]
    outcomes = at_once(*[placing(order) for order in waiting])
    assert kinds_of(outcomes) == ["Order"] * 8
    assert {(each.on_hand, each.reserved) for each in Stock.objects.all()} == {(8, 8)}


def shuffled(things: list[Product]) -> tuple[tuple[Product, int], ...]:
    return tuple((each, 1) for each in random.sample(things, len(things)))


def test_many_refunds_of_one_payment_hold_no_more_than_was_captured() -> None:
    payment = orders.paid()
    line = payment.order.lines.get()
    clerks = [person("clerk") for _number in range(8)]
    cents = payment.captured // 3
    outcomes = at_once(
        *[
            lambda by=by: refunds.request(payment=payment, by=by, amounts={line.pk: cents}, reason="Scratched")
            for by in clerks
        ]
    )
    assert kinds_of(outcomes) == [*["Refund"] * 3, *["ValidationError"] * 5]
    payment.refresh_from_db()
    line.refresh_from_db()
    assert payment.held == line.held == 3 * cents <= payment.captured


def test_the_counter_holds_even_when_nobody_asks_the_policy() -> None:
    payment = orders.paid()

    def insert() -> Refund:
        return Refund.objects.create(payment=payment, source="external", cents=payment.captured // 2, state="succeeded")

    outcomes = at_once(*[insert] * 6)
    assert kinds_of(outcomes) == [*["IntegrityError"] * 4, "Refund", "Refund"]
    payment.refresh_from_db()
    assert payment.held == payment.captured // 2 * 2


def test_a_payment_that_everybody_settles_is_one(paper: Paper) -> None:
    attempt = orders.opened()
    paper.pay(attempt.session_id)
    at_once(*[lambda: payments.settle(attempt=attempt)] * 6)
    order = Order.objects.get()
    assert order.state == OrderState.PAID
    assert Payment.objects.get().captured == order.total
    assert Invoice.objects.get().total == order.total
    assert len(entries_of(Event.ORDER_PAID)) == 1


def test_a_refund_that_everybody_sends_is_made_once(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUBMITTED)
    at_once(*[lambda: refunds.send(pk=refund.pk)] * 6)
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert paper.refunded(refund.payment.gateway_id) == refund.cents
    assert CreditNote.objects.get().total == refund.cents


def test_two_tabs_pay_on_one_page(paper: Paper) -> None:
    order = orders.placed()
    by = buyer_of(order)
    outcomes = at_once(*[lambda: payments.begin_attempt(order=order, by=by, return_to=BACK, keeps=True)] * 4)
    assert len({attempt.url for attempt in outcomes}) == 1
    assert len(paper.sessions) == PaymentAttempt.objects.count() == 1


def test_canceled_while_it_is_paid_ends_with_nothing_taken(paper: Paper) -> None:
    attempt = orders.opened()
    paper.pay(attempt.session_id)
    by = buyer_of(attempt.order)
    at_once(
        lambda: payments.settle(attempt=attempt),
        lambda: order_services.cancel(order=attempt.order, by=by),
    )
    order = Order.objects.get()
    assert order.state == OrderState.CANCELLED
    refunds.send_due()
    payment = Payment.objects.get()
    assert payment.held == payment.captured == paper.refunded(payment.gateway_id)
    assert sum(each.total for each in Invoice.objects.all()) == sum(each.total for each in CreditNote.objects.all())
    assert Stock.objects.get().reserved == 0


def test_placed_twice_in_one_second_is_placed_once() -> None:
    order = orders.drafted()
    assert kinds_of(at_once(*[placing(order)] * 2)) == ["Order", "Stale"]
    assert Stock.objects.get().reserved == 1


def test_one_purchase_order_number_is_good_for_one_order() -> None:
    business = business_at()
    first = orders.drafted(owner=business)
    orders.submitted(first, number="PO-1")
    second = orders.drafted(owner=business)
    error = orders.refused(lambda: orders.submitted(second, number=" po-1 "))
    assert isinstance(error, ValidationError)
    assert "before" in error.message_dict["number"][0]
    assert PurchaseOrder.objects.count() == 1


def test_two_clerks_decide_once() -> None:
    waiting = orders.submitted()
    first, second = person("clerk"), person("clerk")
    outcomes = at_once(
        lambda: order_services.approve_purchase_order(purchase_order=waiting, by=first),
        lambda: order_services.decline_purchase_order(purchase_order=waiting, by=second, reason="Not signed"),
    )
    assert kinds_of(outcomes) == ["PurchaseOrder", "Stale"]
    assert Order.objects.get().state in {OrderState.ON_ACCOUNT, OrderState.CANCELLED}


def test_a_check_that_two_clerks_record_is_one() -> None:
    order = orders.order_at(OrderState.ON_ACCOUNT)
    today = timezone.localdate()
    outcomes = at_once(
        *[
            lambda by=by: payments.receive_check(
                order=order, by=by, number="1001", cents=order.total // 2, received_on=today
            )
            for by in (person("clerk"), person("clerk"))
        ]
    )
    assert kinds_of(outcomes) == ["Payment", "ValidationError"]


def test_two_clerks_send_a_refund_once() -> None:
    refund = orders.requested()
    first, second = person("clerk"), person("clerk")
    outcomes = at_once(*[lambda by=by: refunds.submit(refund=refund, by=by) for by in (first, second)])
    assert kinds_of(outcomes) == ["Refund", "Stale"]


def test_two_drafts_of_a_business_at_once_leave_one() -> None:
    orders.tax_rate()
    business = business_at()
    cart = orders.cart_with(business, (orders.product(), 1))
    outcomes = at_once(
        *[lambda: order_services.draft(registrant=business, cart=cart, by=business.user, sending=SENDING)] * 3
    )
    assert kinds_of(outcomes) == ["Order"] * 3
    assert Order.objects.filter(state=OrderState.DRAFT).count() == 1


def test_invoice_numbers_have_no_gap_and_no_repeat_though_some_acts_fail(paper: Paper) -> None:
    attempts = [orders.opened(orders.placed(order)) for order in drafts_of(8, orders.product(on_hand=8))]
    for attempt in attempts:
        paper.pay(attempt.session_id)
    turn = threading.Semaphore(8)

    def settle(attempt: PaymentAttempt, fails: bool) -> None:
        with turn, transaction.atomic():
            payments.settle(attempt=attempt)
            if fails:
                raise RuntimeError("killed before its commit")

    at_once(*[lambda each=each, n=n: settle(each, n % 2 == 0) for n, each in enumerate(attempts)])
    assert Invoice.objects.count() == 4
    at_once(*[lambda each=each: payments.settle(attempt=each) for each in attempts])
    assert sorted(Invoice.objects.values_list("number", flat=True)) == list(range(1, 9))
    assert all(re.fullmatch(r"INV-\d{6}", each.printed_number) for each in Invoice.objects.all())


def test_late_money_for_the_last_piece_meets_its_new_buyer(paper: Paper) -> None:
    last = orders.product(on_hand=1)
    late = orders.opened(orders.placed(drafts_of(1, last)[0]))
    paper.before["expire_session"] = [orders.unknown()]
    orders.lapse(late.order)
    order_services.expire_due()
    paper.pay(late.session_id)
    [newer] = drafts_of(1, last)
    at_once(lambda: payments.settle(attempt=late), placing(newer))
    refunds.send_due()
    stock = Stock.objects.get(product=last)
    assert (stock.on_hand, stock.reserved) == (1, 1)
    late.order.refresh_from_db()
    payment = Payment.objects.get(attempt=late)
    is_bought = late.order.state == OrderState.PAID
    assert payment.held == (0 if is_bought else payment.captured) == paper.refunded(payment.gateway_id)


def test_what_two_clerks_share_out_is_the_line_to_the_cent(paper: Paper) -> None:
    payment = orders.paid()
    line = payment.order.lines.get()
    parts = [101, 257, 1_999, 13]
    at_once(
        *[
            lambda by=by, cents=cents: refunds.request(
                payment=payment, by=by, amounts={line.pk: cents}, reason="Scratched"
            )
            for by, cents in zip([person("clerk") for _part in parts], parts, strict=True)
        ]
    )
    order_services.cancel(order=payment.order, by=buyer_of(payment.order))
    shares = RefundLine.objects.filter(line=line)
    assert sum(each.cents for each in shares) == line.total
    assert sum(each.tax for each in shares) == line.tax


def test_two_first_visits_at_once_open_one_cart() -> None:
    opened = at_once(*[lambda: carts.open_for(user=None, browser="key")] * 4)
    assert len({cart.pk for cart in opened}) == 1
