"""After a comparison the books say what the payment service says, and what differs is a task."""

import time
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import Refused, Stale
from shop.books import services as books
from shop.books.models import Reconciliation
from shop.orders.models.orders import ShopTask
from shop.orders.services import orders
from shop.payments.models import PaymentAttempt, Refund
from shop.payments.services import refunds
from tests.factories import person
from tests.peers.payments import PaymentPeer
from tests.shop.orders.orders import requested
from tests.shop.payments import paying
from tests.shop.payments.paying import Bought
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "ready")]

make_world = partial(ready_with, businesses=2)

LATER = timedelta(minutes=3)
"""After this a refund whose outcome is unknown is looked for, and then made."""


def compare() -> Reconciliation:
    """Compare now, to the end."""
    books.compare_nightly()
    return Reconciliation.objects.latest("asked_at")


def tasks() -> set[tuple[str, str]]:
    """Return kind and subject of the open tasks."""
    return set(ShopTask.objects.filter(done_at__isnull=True).values_list("kind", "about"))


def sent(bought: Bought, cents: int) -> Refund:
    """Return a refund that a clerk has asked for and sent; no worker has heard of it."""
    refund = requested(bought.payment, cents=cents)
    assert refund.clerk is not None
    return refunds.submit(refund=refund, by=refund.clerk)


def test_when_all_agree_there_is_nothing_to_look_into(payment_peer: PaymentPeer) -> None:
    bought = paying.paid(payment_peer)
    refunds.send(pk=sent(bought, 1_000).pk)
    run = compare()
    assert (run.differences, run.failure, tasks()) == (0, "", set())
    assert run.finished_at is not None
    assert AuditEntry.objects.filter(event=Event.RECONCILIATION_DONE, subject_id=str(run.pk), outcome="done").exists()


def test_a_payment_that_we_never_heard_of_is_found(payment_peer: PaymentPeer) -> None:
    bought = paying.begin()
    payment_peer.pay(bought.attempt.session_id)
    run = compare()
    assert (bought.state(), bought.captured()) == ("paid", payment_peer.charged())
    assert (run.differences, run.notices > 0) == (0, True)


def test_a_page_whose_answer_was_lost_is_found_by_its_attempt(payment_peer: PaymentPeer) -> None:
    bought = paying.place()
    payment_peer.fault("POST /v1/checkout", "lose")
    with pytest.raises(Stale):
        bought.begin()
    attempt = PaymentAttempt.objects.get(order=bought.order)
    (page,) = payment_peer.state()["sessions"]
    assert (attempt.state, attempt.session_id) == ("created", "")
    compare()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.session_id) == ("open", page["id"])
    payment_peer.pay(attempt.session_id)
    compare()
    assert bought.state() == "paid"


def test_an_attempt_without_any_page_ends_when_its_time_is_over(payment_peer: PaymentPeer) -> None:
    bought = paying.place()
    payment_peer.fault("POST /v1/checkout", "cut")
    with pytest.raises(Stale):
        bought.begin()
    compare()
    assert PaymentAttempt.objects.get(order=bought.order).state == "created"
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        for _night in range(2):
            compare()
    assert PaymentAttempt.objects.get(order=bought.order).state == "failed"


def test_money_that_came_after_the_order_had_lapsed_buys_while_stock_lasts_else_goes_back(
    payment_peer: PaymentPeer,
) -> None:
    product = paying.product_of(1)
    late = paying.begin(product)
    payment_peer.fault("GET|expire", "refuse", times=None, status=503)
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=True):
        orders.expire_due()
        assert late.state() == "expired"
        payment_peer.pay(late.attempt.session_id)
        payment_peer.tell("mend")
        other = paying.begin(product)
        compare()
    assert (late.state(), other.state()) == ("expired", "awaiting_payment")
    assert late.captured() == payment_peer.charged()
    refunds.send_due()
    assert late.refunds() == [("late", "succeeded", late.captured())]
    assert payment_peer.refunded() == payment_peer.charged()


@pytest.mark.parametrize("kind", ["lose", "error", "cut", "refuse"])
def test_after_a_comparison_no_refund_is_unknown_and_none_was_made_twice(payment_peer: PaymentPeer, kind: str) -> None:
    bought = paying.paid(payment_peer)
    refund = sent(bought, 1_000)
    payment_peer.fault("POST /v1/refunds", kind, status=500)
    assert refunds.send_due() == 0
    with time_machine.travel(timezone.now() + LATER, tick=True):
        run = compare()
    refund.refresh_from_db()
    assert (refund.state, run.differences, payment_peer.refunded()) == ("succeeded", 0, 1_000)
    assert len(payment_peer.state()["refunds"]) == 1


def test_a_refund_of_an_unknown_payment_keeps_no_other_from_being_made(payment_peer: PaymentPeer) -> None:
    gone = paying.paid(payment_peer)
    lost = sent(gone, 1_000)
    payment_peer.forget()
    known = paying.paid(payment_peer)
    refund = sent(known, 2_000)
    assert refunds.send_due() == 1
    compare()
    refund.refresh_from_db()
    assert (refund.state, payment_peer.refunded()) == ("succeeded", 2_000)
    assert ("difference", str(lost.pk)) in tasks()


def test_a_refund_that_fails_days_later_frees_its_amount_and_is_a_task(payment_peer: PaymentPeer) -> None:
    bought = paying.paid(payment_peer)
    refund = refunds.send(pk=sent(bought, 1_000).pk)
    assert bought.payment.held == 1_000
    payment_peer.tell("turn", refund=refund.gateway_id, status="failed", reason="expired_or_canceled_card")
    run = compare()
    refund.refresh_from_db()
    assert (refund.state, refund.failure) == ("failed", "expired_or_canceled_card")
    assert (bought.payment.held, run.differences) == (0, 0)
    assert tasks() == {("refund_failed", str(refund.pk))}


@pytest.mark.parametrize("compared_before", [True, False])
def test_a_refund_that_failed_in_a_year_without_comparisons_is_found(
    payment_peer: PaymentPeer, compared_before: bool
) -> None:
    bought = paying.paid(payment_peer)
    if compared_before:
        compare()
    refund = refunds.send(pk=sent(bought, 1_000).pk)
    payment_peer.tell("turn", refund=refund.gateway_id, status="failed", reason="expired_or_canceled_card")
    with time_machine.travel(timezone.now() + timedelta(days=366), tick=True):
        compare()
    refund.refresh_from_db()
    assert (refund.state, bought.payment.held) == ("failed", 0)
    assert tasks() == {("refund_failed", str(refund.pk))}


def test_a_refund_from_the_dashboard_becomes_a_row_and_a_task_and_leaves_the_order(payment_peer: PaymentPeer) -> None:
    bought = paying.paid(payment_peer)
    made = payment_peer.tell("refund", payment_intent=bought.payment.gateway_id, amount=700)
    for _ in range(2):
        run = compare()
    row = Refund.objects.get(gateway_id=made["id"])
    assert (row.source, row.state, row.cents) == ("external", "succeeded", 700)
    assert (bought.state(), bought.payment.held, run.differences) == ("paid", 700, 0)
    assert tasks() == {("refund_external", str(row.pk))}


def test_more_given_back_than_was_taken_is_a_difference_not_a_negative(payment_peer: PaymentPeer) -> None:
    bought = paying.paid(payment_peer)
    payment_peer.tell("refund", payment_intent=bought.payment.gateway_id, amount=bought.captured() + 1)
    run = compare()
    assert (run.differences, bought.payment.held) == (1, 0)
    assert ("difference", bought.payment.gateway_id) in tasks()
    task = ShopTask.objects.get(about=bought.payment.gateway_id)
    assert (task.facts["books"], task.facts["service"]) == (0, bought.captured() + 1)


def test_a_payment_that_the_service_does_not_know_is_a_difference(payment_peer: PaymentPeer) -> None:
    bought = paying.paid(payment_peer)
    waiting = paying.begin()
    payment_peer.forget()
    run = compare()
    assert run.differences == 1
    assert ("difference", bought.payment.gateway_id) in tasks()
    assert ("difference", str(waiting.attempt.pk)) in tasks()


def test_money_that_is_nobodys_is_a_task(payment_peer: PaymentPeer) -> None:
    card = payment_peer.tell("card", number="4242424242424242")
    from shop.payments.gateway import client  # noqa: PLC0415

    key = paying.place().order.pk
    made = client.make().create_intent(
        key=key,
        amount=900,
        currency="usd",
        customer=card["customer"],
        method=card["payment_method"],
        metadata={"attempt": str(key)},
    )
    client.make().confirm_intent(intent_id=made.id, key=key)
    # Whether or not a message of it has come.
    assert books.open_differences(since=timezone.now()) == 1
    assert tasks() == {("unknown_object", made.id)}
    run = compare()
    assert (run.differences, tasks()) == (1, {("unknown_object", made.id)})


def test_while_the_service_is_down_nothing_changes_and_the_run_says_so(payment_peer: PaymentPeer) -> None:
    bought = paying.begin()
    payment_peer.pay(bought.attempt.session_id)
    ahead = time.time() + 600
    payment_peer.fault(".", "refuse", status=503, times=None, until=ahead)
    run = compare()
    assert (run.failure != "", bought.state()) == (True, "awaiting_payment")
    assert AuditEntry.objects.filter(subject_id=str(run.pk), outcome="failed").exists()
    payment_peer.tell("clock", ahead=601)
    assert compare().failure == ""
    assert bought.state() == "paid"


def test_only_a_clerk_asks_for_a_comparison_and_it_is_made_once(payment_peer: PaymentPeer) -> None:
    with pytest.raises(Refused):
        books.ask_for_comparison(by=person("administrator"))
    clerk = person("clerk")
    run = books.ask_for_comparison(by=clerk)
    assert AuditEntry.objects.filter(event=Event.RECONCILIATION_ASKED, actor_id=str(clerk.pk)).count() == 1
    done = books.run_comparison(pk=run.pk)
    assert books.run_comparison(pk=run.pk).finished_at == done.finished_at
    assert AuditEntry.objects.filter(event=Event.RECONCILIATION_DONE).count() == 1


def test_a_comparison_that_no_worker_heard_of_is_taken_up(payment_peer: PaymentPeer) -> None:
    run = books.ask_for_comparison(by=person("clerk"))
    assert books.take_up_comparisons() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=True):
        assert books.take_up_comparisons() == 1
    run.refresh_from_db()
    assert (run.finished_at is not None, run.failure) == (True, "")


class TestThePage:
    """`/console/fulfilment/differences/`."""

    def test_it_shows_what_is_open_and_settles_it_with_a_note(
        self, payment_peer: PaymentPeer, clerk_client: Client
    ) -> None:
        bought = paying.paid(payment_peer)
        payment_peer.tell("refund", payment_intent=bought.payment.gateway_id, amount=bought.captured() + 1)
        compare()
        page = clerk_client.get("/console/fulfilment/differences/").content.decode()
        assert bought.order.number in page
        assert "In the books: $0.00" in page
        task = ShopTask.objects.get(about=bought.payment.gateway_id)
        address = f"/console/fulfilment/differences/{task.pk}/"
        assert "usa-error-message" in clerk_client.post(address, {"note": " "}).content.decode()
        clerk_client.post(address, {"note": "The bank was called."})
        task.refresh_from_db()
        assert (task.note, task.done_at is not None) == ("The bank was called.", True)
        assert clerk_client.post(address, {"note": "Again."}).status_code == 409
        assert "Nothing to look into" not in clerk_client.get("/console/fulfilment/differences/").content.decode()

    def test_a_comparison_is_asked_for_with_a_button(self, payment_peer: PaymentPeer, clerk_client: Client) -> None:
        answer = clerk_client.post("/console/fulfilment/differences/compare/", follow=True)
        assert "Being compared" in answer.content.decode()
        books.run_comparison(pk=Reconciliation.objects.get().pk)
        assert "0 differences" in clerk_client.get("/console/fulfilment/differences/").content.decode()

    def test_nobody_else_sees_it(self, administrator_client: Client, business_client: Client) -> None:
        for client in (administrator_client, business_client):
            assert client.get("/console/fulfilment/differences/").status_code == 403
