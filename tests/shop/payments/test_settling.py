"""Answers of the gateway, in any order and however often, end in one charge, one order and one refund."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Denied, Stale
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.pages.times import localized_moment
from shop.catalogue.models import Stock
from shop.connections.models import CardOnFile
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import ShopTask, TaskKind
from shop.orders.services import orders as order_services
from shop.orders.states import OrderState
from shop.payments.gateway.answers import Failed, Unknown
from shop.payments.models import Payment, PaymentAttempt, Refund
from shop.payments.services import payments, refunds
from shop.payments.states import AttemptState, RefundState
from shop.rules import LONGEST_RESERVED, RESERVED_FOR, SESSION_LIFE
from tests.factories import person
from tests.registry.entries import entries_of
from tests.shop.orders import orders
from tests.shop.orders.orders import BACK, buyer_of
from tests.shop.payments.paper import Paper
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)


def begin(attempt: PaymentAttempt) -> PaymentAttempt:
    return payments.begin_attempt(order=attempt.order, by=buyer_of(attempt.order), return_to=BACK, keeps=True)


def test_a_paid_page_is_a_paid_order_with_its_invoice(paper: Paper) -> None:
    payment = orders.paid()
    payment.order.refresh_from_db()
    assert payment.order.state == OrderState.PAID
    assert payment.order.bought_at is not None
    assert Invoice.objects.get().due_on is None
    attempt = PaymentAttempt.objects.get()
    assert attempt.intent_id == payment.gateway_id
    asked = {"order": str(payment.order.pk), "attempt": str(attempt.pk)}
    assert paper.sessions[attempt.session_id].metadata == asked


def test_settling_again_changes_nothing(paper: Paper) -> None:
    attempt = orders.opened()
    assert payments.settle(attempt=attempt).state == AttemptState.OPEN
    paper.pay(attempt.session_id)
    for _time in range(3):
        assert payments.settle(attempt=attempt).state == AttemptState.SUCCEEDED
    assert Payment.objects.count() == Invoice.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "changes"),
    [
        ("amount", {"amount": 1}),
        ("currency", {"currency": "eur"}),
        ("attempt", {"metadata": {}}),
        ("order", {"metadata": {"attempt": "same", "order": "another"}}),
    ],
)
def test_what_is_not_what_was_asked_for_is_never_taken_for_paid(
    paper: Paper, wrong: str, changes: dict[str, object]
) -> None:
    attempt = orders.opened()
    if wrong == "order":
        changes = {"metadata": {"attempt": str(attempt.pk), "order": "another"}}
    paper.pay(attempt.session_id, **changes)
    payments.settle(attempt=attempt)
    settled = payments.settle(attempt=attempt)
    assert (settled.state, settled.doubt) == (AttemptState.FAILED, wrong)
    assert ShopTask.objects.get().kind == TaskKind.PAYMENT_DOUBT
    assert len(entries_of(Event.PAYMENT_STRANGE)) == 1
    assert not Payment.objects.exists()
    attempt.order.refresh_from_db()
    assert attempt.order.state == OrderState.AWAITING_PAYMENT


@pytest.mark.parametrize(
    ("state", "failure", "told"), [("processing", "", 0), ("expired", "", 0), ("failed", "payment_failed", 1)]
)
def test_a_buyer_is_told_of_a_payment_that_failed(paper: Paper, state: str, failure: str, told: int) -> None:
    assert orders.attempt_at(state).failure == failure
    assert Message.objects.filter(kind=MessageKind.PAYMENT_FAILED).count() == told


def test_the_mail_about_it_says_until_when_the_order_is_held(paper: Paper) -> None:
    order = orders.attempt_at("failed").order
    order.refresh_from_db()
    mail = kind_of(MessageKind.PAYMENT_FAILED).build({"order": str(order.pk)})
    assert order.reserved_until is not None
    assert mail["held"] == f"We hold your order until {localized_moment(order.reserved_until)}."
    assert not mail["is_year"]


def test_of_an_order_that_has_lapsed_no_failed_payment_is_told(paper: Paper) -> None:
    attempt = orders.opened()
    paper.before["expire_session"] = [Unknown("timeout")]
    orders.lapse(attempt.order)
    assert order_services.expire_due() == 1
    paper.process(attempt.session_id)
    paper.bounce(attempt.session_id)
    assert payments.settle(attempt=attempt).state == AttemptState.FAILED
    assert not Message.objects.filter(kind=MessageKind.PAYMENT_FAILED).exists()


@pytest.mark.parametrize(
    ("fee", "changes", "kept"),
    [
        (orders.FEE, {}, True),
        (0, {}, False),
        (orders.FEE, {"customer": ""}, False),
        (orders.FEE, {"method": ""}, False),
    ],
)
def test_a_card_is_kept_for_what_is_paid_every_year(
    paper: Paper, fee: int, changes: dict[str, object], kept: bool
) -> None:
    attempt = orders.opened(orders.placed(orders.drafted(things=((orders.product(fee=fee), 1),))))
    paper.pay(attempt.session_id, **changes)
    payments.settle(attempt=attempt)
    assert CardOnFile.objects.exists() is kept


def test_a_gateway_that_is_down_charges_nothing_and_the_next_try_gets_a_page(paper: Paper) -> None:
    order = orders.placed()
    paper.before["create_session"] = [Unknown("timeout")]
    error = orders.refused(lambda: payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True))
    assert isinstance(error, Stale)
    assert "Nothing was charged" in error.sentence
    attempt = payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True)
    assert attempt.state == AttemptState.OPEN
    assert PaymentAttempt.objects.get() == attempt


def test_an_answer_that_is_lost_leaves_one_attempt_with_one_page(paper: Paper) -> None:
    order = orders.placed()
    paper.after["create_session"] = [Unknown("connection_reset")]
    orders.refused(lambda: payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True))
    attempt = begin(order.attempts.get())
    paper.pay(attempt.session_id)
    payments.settle(attempt=attempt)
    assert Payment.objects.count() == 1


def test_a_page_that_names_an_attempt_we_were_killed_over_is_adopted(paper: Paper) -> None:
    order = orders.placed()
    paper.after["create_session"] = [Unknown("killed")]
    orders.refused(lambda: payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True))
    [session] = paper.sessions.values()
    paper.pay(session.id)
    settled = payments.settle(attempt=order.attempts.get(), session_id=session.id)
    assert settled.state == AttemptState.SUCCEEDED
    assert Payment.objects.get().captured == order.total


def test_a_definite_no_ends_the_attempt_and_another_one_may_follow(paper: Paper) -> None:
    order = orders.placed()
    paper.before["create_session"] = [Failed("parameter_invalid")]
    orders.refused(lambda: payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True))
    assert order.attempts.get().failure == "parameter_invalid"
    assert (
        payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True).state == AttemptState.OPEN
    )
    assert order.attempts.count() == 2


def test_what_was_paid_in_another_tab_is_not_paid_again(paper: Paper) -> None:
    attempt = orders.opened()
    paper.pay(attempt.session_id)
    error = orders.refused(lambda: begin(attempt))
    assert isinstance(error, Stale)
    assert Payment.objects.count() == len(paper.sessions) == 1


def test_nobody_pays_anew_while_a_payment_is_processed(paper: Paper) -> None:
    attempt = orders.opened()
    paper.process(attempt.session_id)
    error = orders.refused(lambda: begin(attempt))
    assert isinstance(error, Stale)
    assert "being processed" in error.sentence
    error = orders.refused(lambda: order_services.cancel(order=attempt.order, by=buyer_of(attempt.order)))
    assert isinstance(error, Denied)
    assert "being processed" in error.sentence
    orders.lapse(attempt.order)
    assert order_services.expire_due() == 0
    paper.bounce(attempt.session_id)
    assert order_services.expire_due() == 0
    payments.settle(attempt=attempt)
    assert order_services.expire_due() == 1


def test_an_order_that_lapses_closes_its_page_so_that_nobody_pays_late(paper: Paper) -> None:
    attempt = orders.opened()
    orders.lapse(attempt.order)
    assert order_services.expire_due() == 1
    assert "expire_session" in paper.calls
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.EXPIRED
    assert Stock.objects.get().reserved == 0


@pytest.mark.parametrize(
    ("ago", "waits"),
    [(timedelta(hours=1), RESERVED_FOR), (LONGEST_RESERVED - timedelta(minutes=5), timedelta(minutes=5))],
)
def test_stock_waits_while_a_page_is_open_and_a_day_at_most(paper: Paper, ago: timedelta, waits: timedelta) -> None:
    order, now = orders.placed(), timezone.now()
    order.placed_at, order.reserved_until = now - ago, now
    payments._wait_longer(order, PaymentAttempt(expires_at=now + SESSION_LIFE))
    assert order.reserved_until == now + waits


def test_what_was_paid_in_the_last_second_is_bought_and_does_not_lapse(paper: Paper) -> None:
    attempt = orders.opened()
    paper.pay(attempt.session_id)
    orders.lapse(attempt.order)
    assert order_services.expire_due() == 0
    attempt.order.refresh_from_db()
    assert attempt.order.state == OrderState.PAID


def late(paper: Paper, *, on_hand: int) -> PaymentAttempt:
    """Return an attempt that is paid after its order has expired, with so many pieces left then."""
    sold = orders.product(on_hand=1)
    attempt = orders.opened(orders.placed(orders.drafted(things=((sold, 1),))))
    paper.before["expire_session"] = [Unknown("timeout")]
    orders.lapse(attempt.order)
    assert order_services.expire_due() == 1
    if not on_hand:
        orders.placed(orders.drafted(things=((sold, 1),)))
    paper.pay(attempt.session_id)
    settled = payments.settle(attempt=attempt)
    settled.order.refresh_from_db()
    return settled


def test_late_money_buys_what_is_still_there(paper: Paper) -> None:
    attempt = late(paper, on_hand=1)
    assert attempt.order.state == OrderState.PAID
    assert Stock.objects.get(product=attempt.order.lines.get().product).reserved == 1
    assert not Refund.objects.exists()


def test_late_money_for_what_is_gone_goes_back_in_full(paper: Paper) -> None:
    attempt = late(paper, on_hand=0)
    assert attempt.order.state == OrderState.EXPIRED
    assert refunds.send_due() == 1
    refund = Refund.objects.get()
    assert (refund.state, refund.cents, refund.source) == (RefundState.SUCCEEDED, attempt.cents, "late")
    assert ShopTask.objects.get().kind == TaskKind.PAID_LATE
    assert not Invoice.objects.exists()
    assert not CreditNote.objects.exists()


def test_money_for_an_order_that_was_canceled_goes_back_in_full(paper: Paper) -> None:
    attempt = orders.opened()
    paper.before["expire_session"] = [Unknown("timeout")]
    order_services.cancel(order=attempt.order, by=buyer_of(attempt.order))
    paper.pay(attempt.session_id)
    assert payments.settle(attempt=attempt).state == AttemptState.SUCCEEDED
    refunds.send_due()
    payment = Payment.objects.get()
    assert payment.held == payment.captured == paper.refunded(payment.gateway_id)


def test_an_order_that_is_paid_twice_gives_the_second_payment_back(paper: Paper) -> None:
    first = orders.opened()
    paper.expire(first.session_id)
    second = begin(first)
    assert second.pk != first.pk
    paper.pay(second.session_id)
    payments.settle(attempt=second)
    paper.pay(first.session_id)
    payments.settle(attempt=first)
    refunds.send_due()
    refund = Refund.objects.get()
    assert (refund.source, refund.state, refund.payment.attempt) == ("twice", RefundState.SUCCEEDED, first)
    assert Invoice.objects.get().credited == 0
    first.order.refresh_from_db()
    assert first.order.state == OrderState.PAID


def test_however_often_somebody_begins_stock_waits_no_longer_than_a_day(paper: Paper) -> None:
    order = orders.placed()
    for _time in range(3):
        attempt = payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True)
        paper.expire(attempt.session_id)
    order.refresh_from_db()
    assert order.placed_at is not None
    assert order.reserved_until is not None
    assert (order.reserved_until - order.placed_at).total_seconds() <= 24 * 3600
    assert order.attempts.count() == 3


def test_a_clerk_cancels_too_and_nobody_does_it_twice(paper: Paper) -> None:
    payment = orders.paid()
    order_services.cancel(order=payment.order, by=person("clerk"))
    error = orders.refused(lambda: order_services.cancel(order=payment.order, by=person("clerk")))
    assert isinstance(error, Stale)
    assert Refund.objects.get().cents == payment.captured
