"""A comparison looks back a little further than it must: the two clocks may be apart, and a payment takes its time."""

from datetime import datetime
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone

from fusus_portal.ground.lifecycle import Stale
from shop.books import services as books
from shop.connections.models import CardOnFile, CardUse
from shop.orders.models.orders import Order, ShopTask
from shop.payments.gateway import client
from shop.payments.models import Payment, PaymentAttempt
from shop.payments.services import refunds
from shop.rules import CURRENCY, SESSION_LIFE
from tests.factories import person
from tests.peers.payments import PAID, PaymentPeer
from tests.shop.connections.renewed import of, order_core, waits_now
from tests.shop.orders.orders import requested
from tests.shop.payments import paying
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "ready")]

make_world = partial(ready_with, businesses=2)


def soon() -> datetime:
    """Return a moment after what is made now, by less than the clocks may be apart."""
    return timezone.now() + books.CLOCKS / 2


def of_a_card(peer: PaymentPeer, year: Order | None = None) -> PaymentAttempt:
    """Return an attempt of a saved card, which is not written down yet. year: what the card is kept for."""
    card, order = peer.tell("card", number=PAID), year or paying.place().order
    if year is not None and year.registrant is not None:
        kept = CardOnFile.objects.create(
            registrant=year.registrant, customer=card["customer"], method=card["payment_method"]
        )
        CardUse.objects.create(card=kept, order=of(order_core(year)).line.order, said="Keep it.")
    return PaymentAttempt(
        order=order,
        cents=order.total,
        currency=CURRENCY,
        customer=card["customer"],
        card=card["payment_method"],
        expires_at=timezone.now() + SESSION_LIFE,
    )


def charge(attempt: PaymentAttempt, *, confirmed: bool) -> str:
    """Let the service write a charge of an attempt down, and take the money; return its id there."""
    service = client.make()
    made = service.create_intent(
        key=uuid4(),
        amount=attempt.cents,
        currency=attempt.currency,
        customer=attempt.customer,
        method=attempt.card,
        metadata={"order": str(attempt.order_id), "attempt": str(attempt.pk)},
    )
    if confirmed:
        service.confirm_intent(intent_id=made.id, key=uuid4())
    return made.id


def test_a_page_that_is_a_little_older_is_found(payment_peer: PaymentPeer) -> None:
    bought = paying.place()
    payment_peer.fault("POST /v1/checkout", "lose")
    with pytest.raises(Stale):
        bought.begin()
    assert books.settle_attempts(since=soon()) == 1
    assert bought.order.attempts.get().state == "open"


@pytest.mark.parametrize("taken", [0, 1])
def test_of_two_charges_of_one_attempt_that_which_took_the_money_counts(payment_peer: PaymentPeer, taken: int) -> None:
    attempt = of_a_card(payment_peer, waits_now())
    attempt.save()
    charges = [charge(attempt, confirmed=number == taken) for number in range(2)]
    assert books.settle_attempts(since=soon()) == 1
    assert Payment.objects.get(attempt=attempt).gateway_id == charges[taken]


def test_refunds_that_are_a_little_older_are_found_and_counted(payment_peer: PaymentPeer) -> None:
    bought, clerk = paying.paid(payment_peer), person("clerk")
    refunds.submit(refund=requested(bought.payment, cents=1_000, by=clerk), by=clerk)
    payment_peer.tell("refund", payment_intent=bought.payment.gateway_id, amount=700)
    assert books.settle_refunds(since=soon()) == 3, "one that waited here, and both that are there"
    assert bought.refunds() == [("staff", "succeeded", 1_000), ("external", "succeeded", 700)]


def test_what_differs_and_is_a_little_older_is_found_and_counted(payment_peer: PaymentPeer) -> None:
    bought = paying.paid(payment_peer)
    payment_peer.tell("refund", payment_intent=bought.payment.gateway_id, amount=700)
    strange = charge(of_a_card(payment_peer), confirmed=True)
    assert books.open_differences(since=soon()) == 2
    assert set(ShopTask.objects.values_list("about", flat=True)) == {bought.payment.gateway_id, strange}


def test_what_went_back_before_the_list_begins_still_counts(payment_peer: PaymentPeer) -> None:
    payment = paying.paid(payment_peer).payment
    later = timezone.now() + 2 * books.CLOCKS
    for since, cents in ((soon(), 700), (later, 300)):
        payment_peer.tell("clock", ahead=(since - timezone.now()).total_seconds())
        payment_peer.tell("refund", payment_intent=payment.gateway_id, amount=cents)
        assert books.settle_refunds(since=since) == 1
    assert books.open_differences(since=later) == 0
