"""Ten refunds, ten cancellations and ten settlements of one order in the same second: the money is given back once."""

from collections import Counter
from typing import Any

import pytest

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.services import orders as order_services
from shop.payments.models import Payment, Refund
from shop.payments.services import payments, refunds
from tests.factories import person
from tests.peers.payments import PaymentPeer
from tests.registry.entries import entries_of
from tests.registry.test_races import Act, at_once, kinds_of
from tests.shop.invariants import MUST
from tests.shop.payments import paying
from tests.shop.payments.paying import Bought

pytestmark = pytest.mark.django_db(transaction=True)

TEN = 10
SENT = {"submitted", "pending", "succeeded", "failed"}


def gives_back(bought: Bought, by: User, cents: int) -> Act:
    """Return the act of a clerk who finds the payment, asks for a refund, sends it and has it made."""

    def act() -> Refund | None:
        payments.settle(attempt=bought.attempt)
        payment = Payment.objects.filter(order=bought.order).first()
        if payment is None:
            return None
        asked = refunds.request(
            payment=payment, by=by, amounts={bought.order.lines.get().pk: cents}, reason="Came scratched"
        )
        return refunds.send(pk=refunds.submit(refund=asked, by=by).pk)

    return act


def cancels(bought: Bought, by: User) -> Act:
    return lambda: order_services.cancel(order=bought.order, by=by)


def settles(bought: Bought) -> Act:
    return lambda: payments.settle(attempt=bought.attempt)


def clerks() -> list[User]:
    return [person("clerk") for _number in range(TEN)]


def another_sends_what_waits(people: list[User]) -> None:
    """Send the refund that waits, if one does, as a person who did not ask for it: it may be too much for one."""
    for waiting in Refund.objects.filter(state="requested", clerk__isnull=False):
        by = next(each for each in people if each.pk != waiting.clerk_id)
        refunds.send(pk=refunds.submit(refund=waiting, by=by).pk)


def all_is_given_back_once(bought: Bought, peer: PaymentPeer) -> None:
    """Hold the portal's books against the service's: nothing is lost, nothing goes out twice."""
    refunds.send_due()
    state: dict[str, Any] = peer.state()
    for must in MUST:
        must(state)
    [payment] = Payment.objects.filter(order=bought.order)
    went = [one["amount"] for one in state["refunds"] if one["status"] == "succeeded"]
    assert sum(went) == payment.held == payment.captured == bought.order.total
    assert sorted(went) == sorted(Refund.objects.filter(state="succeeded").values_list("cents", flat=True))
    billed = sum(each.total for each in Invoice.objects.all())  # nothing, where the order ended before it was paid
    assert sum(each.total for each in CreditNote.objects.all()) == billed
    assert billed in {0, payment.captured}


def each_act_has_its_entry(bought: Bought) -> None:
    """The log has one entry for each step that the books have, and none beyond."""
    assert len(entries_of(Event.ORDER_PAID, bought.order)) <= 1
    assert len(entries_of(Event.ORDER_CANCELLED, bought.order)) == 1
    states = Counter(Refund.objects.values_list("state", flat=True))
    logged = Counter(AuditEntry.objects.values_list("event", flat=True))
    assert logged[Event.REFUND_REQUESTED.value] == states.total()
    assert logged[Event.REFUND_SUBMITTED.value] == sum(states[each] for each in SENT)
    assert logged[Event.REFUND_SUCCEEDED.value] == states["succeeded"]
    assert logged[Event.REFUND_CANCELLED.value] == states["cancelled"]


def test_of_an_order_that_was_just_paid(payment_peer: PaymentPeer) -> None:
    """The service has the money, the portal does not know yet; buyer and clerks all want to end it."""
    bought, people = paying.begin(), clerks()
    payment_peer.pay(bought.attempt.session_id)
    cancelling = [cancels(bought, bought.by if number % 2 else by) for number, by in enumerate(people)]
    quarter = bought.order.total // 4
    outcomes = at_once(*cancelling, *[settles(bought)] * TEN, *[gives_back(bought, by, quarter) for by in people])
    ended, asked = kinds_of(outcomes[:TEN]), outcomes[2 * TEN :]
    assert set(ended) == {"Order", "Stale"}
    assert ended.count("Order") == 1
    assert sum(isinstance(each, Refund) for each in asked) <= 4
    assert {type(each).__name__ for each in asked} <= {"Refund", "ValidationError", "NoneType"}
    assert bought.state() == "cancelled"
    all_is_given_back_once(bought, payment_peer)
    each_act_has_its_entry(bought)


def test_of_a_paid_order_with_a_refund_that_waits(payment_peer: PaymentPeer) -> None:
    """Ten send the refund that waits, ten cancel it, ten cancel the order."""
    bought, people = paying.paid(payment_peer), clerks()
    line = bought.order.lines.get()
    waits = refunds.request(payment=bought.payment, by=people[0], amounts={line.pk: 10_000}, reason="Came scratched")
    outcomes = at_once(
        *[lambda: refunds.send(pk=refunds.submit(refund=waits, by=people[0]).pk)] * TEN,
        *[lambda by=by: refunds.cancel(refund=waits, by=by) for by in people],
        *[cancels(bought, by) for by in people],
    )
    sent, called_off, ended = (kinds_of(outcomes[first : first + TEN]) for first in (0, TEN, 2 * TEN))
    assert sent.count("Refund") + called_off.count("Refund") == 1
    assert set(sent + called_off) <= {"Refund", "Stale", "Refused"}
    assert ended == ["Order", *["Stale"] * (TEN - 1)]
    another_sends_what_waits(people)
    all_is_given_back_once(bought, payment_peer)
    each_act_has_its_entry(bought)


def test_of_whole_refunds_of_a_paid_order(payment_peer: PaymentPeer) -> None:
    """Each of ten clerks gives all of it back, while it is canceled and settled: one of them, or the cancellation."""
    bought, people = paying.paid(payment_peer), clerks()
    outcomes = at_once(
        *[gives_back(bought, by, bought.order.total) for by in people],
        *[cancels(bought, by) for by in people],
        *[settles(bought)] * TEN,
    )
    assert kinds_of(outcomes[:TEN]).count("Refund") <= 1
    assert kinds_of(outcomes[TEN : 2 * TEN]).count("Order") == 1
    assert Refund.objects.count() == 1
    another_sends_what_waits(people)
    all_is_given_back_once(bought, payment_peer)
    each_act_has_its_entry(bought)
