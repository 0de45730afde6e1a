"""Refusals between cart and refund, each with its sentence, and the edges of time."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from fusus_portal.ground.lifecycle import NotYours, Stale
from shop.catalogue import services as catalogue
from shop.orders import tasks as order_tasks
from shop.orders.locks import order as locked_order
from shop.orders.models.invoices import Invoice
from shop.orders.models.orders import Cart, Order
from shop.orders.selectors.quotes import exemption_of, yearly_of
from shop.orders.services import carts, invoices, orders as order_services, taxes
from shop.orders.states import OrderState
from shop.parcels import services
from shop.payments import tasks as payment_tasks
from shop.payments.gateway.answers import Failed, RefundStatus, Unknown
from shop.payments.locks import refund_with_order
from shop.payments.models import PaymentAttempt, Refund
from shop.payments.services import payments, refunds
from shop.payments.states import AttemptState, RefundState
from shop.rules import MOST_LINES
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.shop.orders import orders
from tests.shop.orders.orders import BACK, buyer_of
from tests.shop.parcels import parcels
from tests.shop.payments.paper import Paper
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)


def again(order: Order) -> PaymentAttempt:
    return payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True)


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [("sold", 1, "kind"), ("received", 0, "change"), ("received", -1, "change"), ("scrapped", 1, "change")],
)
def test_stock_is_counted_with_a_reason_that_fits(kind: str, change: int, field: str) -> None:
    sold, by = orders.product(), person("clerk")
    with pytest.raises(ValidationError, match=field):
        catalogue.change_stock(product=sold, by=by, kind=kind, change=change, note="Counted")


def test_papers_and_checks_are_checked() -> None:
    order = orders.order_at(OrderState.ON_ACCOUNT)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="received_on"):
        payments.receive_check(order=order, by=person("clerk"), number="1", cents=1, received_on=tomorrow)
    with pytest.raises(ValidationError, match="number"):
        orders.submitted(orders.drafted(), number="<script>")
    sent = orders.certificate(business_at())
    with pytest.raises(Stale):
        taxes.decline(certificate=sent, by=person("clerk"), reason="Too late")


@pytest.mark.parametrize("state", ["awaiting_payment", "awaiting_approval", "paid"])
def test_no_check_is_recorded_for_an_order_that_is_not_on_account(paper: Paper, state: str) -> None:
    order = orders.order_at(state)
    with pytest.raises(Stale, match="not on account"):
        orders.check_payment(order)


def test_a_purchase_order_is_submitted_once() -> None:
    sent = orders.submitted(number="PO-1")
    with pytest.raises(Stale, match="already"):
        orders.submitted(sent.order, number="PO-1")


def test_an_order_is_placed_once() -> None:
    order = orders.placed()
    with pytest.raises(Stale, match="already"):
        orders.placed(order)


def test_a_parcel_that_is_not_on_its_way_is_not_lost() -> None:
    with pytest.raises(Stale, match="already"):
        services.lose_parcel(shipment=parcels.labelled(), by=person("clerk"))


def test_a_certificate_that_is_over_is_not_approved() -> None:
    sent = orders.certificate(business_at(), approved=False)
    with time_machine.travel(timezone.now() + timedelta(days=91)), pytest.raises(ValidationError, match="valid_until"):
        taxes.approve(certificate=sent, by=person("clerk"))


def test_a_cart_holds_only_so_much_and_a_cart_that_is_gone_is_said_to_be(paper: Paper) -> None:
    cart = carts.open_for(user=None, browser="key")
    assert carts.open_for(user=None, browser="key") == cart
    things = [orders.product(kind="service", cents=100) for _number in range(MOST_LINES + 1)]
    for each in things[:-1]:
        carts.put(cart=cart, product=each, quantity=1)
    with pytest.raises(ValidationError, match="quantity"):
        carts.put(cart=cart, product=things[-1], quantity=1)
    carts.take_out(cart=cart, product=things[0])
    carts.put(cart=cart, product=things[-1], quantity=1)
    owner = business_at()
    orders.cart_with(owner, (things[0], 1))
    carts.merge_after_sign_in(browser="key", user=owner.user)
    assert Cart.objects.get(user=owner.user).lines.count() == MOST_LINES
    with pytest.raises(ValidationError, match="gone"):
        carts.take_out(cart=cart, product=things[0])


def test_what_is_retired_after_the_draft_is_not_placed(paper: Paper) -> None:
    sold = orders.product()
    order = orders.drafted(things=((sold, 2),))
    assert (yearly_of(order), exemption_of(None, state="AL", on=timezone.localdate())) == (2 * orders.FEE, None)
    catalogue.retire_product(product=sold, by=person("administrator"))
    with pytest.raises(ValidationError, match="not sold any more"):
        orders.placed(order)


def test_there_is_no_order_and_no_refund_of_a_made_up_number() -> None:
    with pytest.raises(NotYours):
        locked_order(uuid4())
    with pytest.raises(NotYours):
        refund_with_order(uuid4())


def test_who_comes_too_late_is_told_to_order_again(paper: Paper) -> None:
    order = orders.placed()
    orders.lapse(order)
    error = orders.refused(lambda: again(order))
    assert isinstance(error, Stale)
    assert "Please order again" in error.sentence


def test_without_a_word_of_the_gateway_nobody_gets_a_second_page(paper: Paper) -> None:
    attempt = orders.opened()
    paper.before["retrieve_session"] = [Unknown("timeout")]
    assert isinstance(orders.refused(lambda: again(attempt.order)), Stale)
    assert PaymentAttempt.objects.count() == 1


def test_a_page_whose_time_is_over_is_given_up_for_a_new_one(paper: Paper) -> None:
    attempt = orders.opened()
    Order.objects.update(reserved_until=timezone.now() + timedelta(hours=2))
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        newer = again(attempt.order)
    attempt.refresh_from_db()
    assert (attempt.state, newer.state) == (AttemptState.CANCELLED, AttemptState.OPEN)


def test_a_refund_that_is_canceled_at_the_gateway_before_we_heard_of_it_failed(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUBMITTED)
    paper.next_refund = RefundStatus.CANCELLED
    assert refunds.send(pk=refund.pk).state == RefundState.FAILED


def test_what_was_not_sent_or_was_taken_back_is_not_asked_about(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.REQUESTED)
    assert refunds.settle(refund=refund).state == RefundState.REQUESTED
    assert refunds.send(pk=refund.pk).state == RefundState.REQUESTED
    assert "list_refunds" not in paper.calls
    submitted = orders.refund_at(RefundState.SUBMITTED)
    assert refunds.settle(refund=submitted).state == RefundState.SUCCEEDED


def test_two_payments_share_the_lines_of_their_order(paper: Paper) -> None:
    order = orders.order_at(OrderState.ON_ACCOUNT)
    first = orders.check_payment(order, cents=10_000)
    orders.check_payment(order, cents=20_000)
    line = order.lines.get()
    orders.requested(first, cents=10_000)
    with pytest.raises(ValidationError, match="Of this payment"):
        refunds.request(payment=first, by=person("clerk"), amounts={line.pk: 1}, reason="Scratched")
    order_services.cancel(order=order, by=person("clerk"))
    assert sorted(Refund.objects.values_list("cents", flat=True)) == [10_000, 20_000]
    assert invoices.credit_unpaid(order=orders.drafted(), actor=person("clerk").actor) is None


def test_a_doubt_about_what_is_over_already_leaves_it_there(paper: Paper) -> None:
    attempt = orders.attempt_at(AttemptState.EXPIRED)
    paper.pay(attempt.session_id, amount=1)
    payments.settle(attempt=attempt)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.doubt) == (AttemptState.EXPIRED, "amount")


def test_a_refund_of_the_dashboard_that_is_on_its_way_is_credited_when_it_arrives(paper: Paper) -> None:
    payment = orders.paid()
    answer = paper.refund_by_hand(payment.gateway_id, 700, RefundStatus.PENDING)
    refund = refunds.record_external(payment=payment, answer=answer)
    assert refund is not None
    assert Invoice.objects.get().credited == 0
    paper.move(answer.id, RefundStatus.SUCCEEDED)
    refunds.settle(refund=refund)
    assert Invoice.objects.get().credited == 700


def test_the_workers_do_the_same(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUBMITTED)
    paper.before["list_refunds"] = [Unknown("timeout")]
    assert not payment_tasks.send_refund(str(refund.pk))
    assert payment_tasks.send_refunds() == 1
    assert payment_tasks.send_refund(str(refund.pk))
    orders.lapse(orders.placed())
    assert order_tasks.expire_orders() == 1


def test_what_a_canceled_order_gives_back_is_not_taken_back(paper: Paper) -> None:
    refund = orders.requested()
    order = refund.payment.order
    order_services.cancel(order=order, by=buyer_of(order))
    by = person("clerk")
    assert isinstance(orders.refused(lambda: refunds.cancel(refund=refund, by=by)), Stale)
    refund.payment.refresh_from_db()
    assert refund.payment.refundable == 0


def test_a_refund_that_somebody_else_ended_meanwhile_stays_ended(paper: Paper) -> None:
    refund = orders.refund_at(RefundState.SUBMITTED)
    answer = paper.create_refund(
        key=refund.pk,
        intent_id=refund.payment.gateway_id,
        amount=refund.cents,
        metadata={"refund": str(refund.pk)},
    )
    refunds.apply_answer(pk=refund.pk, answer=answer)
    paper.before["create_refund"] = [Failed("already")]
    assert refunds.send(pk=refund.pk).state == RefundState.SUCCEEDED
