"""Entries of the log beside the steps of payments, refunds and years."""

import pytest
from django.db import IntegrityError, transaction

from audit.log.events import Event
from audit.log.models import AuditEntry
from shop.connections.models import CardOnFile
from shop.payments.models import Payment
from shop.payments.services import payments
from tests.registry.entries import entries_of
from tests.shop.connections.renewed import of, order_core, renewed
from tests.shop.orders import orders
from tests.shop.payments.paper import Paper
from tests.shop.returns.returned import paid_back

pytestmark = pytest.mark.django_db


def test_each_payment_of_an_order_has_one_as_have_its_card_and_what_goes_back(paper: Paper) -> None:
    first = orders.opened()
    paper.expire(first.session_id)
    second = orders.opened(first.order)
    for attempt in (second, first):
        paper.pay(attempt.session_id)
        payments.settle(attempt=attempt)
    for payment in Payment.objects.all():
        [entry] = entries_of(Event.PAYMENT_CAPTURED, payment)
        assert (entry.facts["order"], entry.facts["cents"]) == (str(first.order_id), payment.captured)
    [entry] = entries_of(Event.REFUND_REQUESTED)
    assert (entry.facts["source"], entry.facts["cents"]) == ("twice", first.cents)
    assert len(entries_of(Event.CARD_SAVED, first.order.registrant)) == 1


@pytest.mark.usefixtures("paper")
def test_money_of_a_return_is_asked_for_by_who_pays_it() -> None:
    back = paid_back()
    refund = back.refunds.get()
    [entry] = entries_of(Event.REFUND_REQUESTED, refund)
    assert (entry.actor_id, entry.facts["cents"]) == (str(refund.clerk_id), back.refund)


@pytest.mark.usefixtures("paper")
def test_a_year_that_begins_or_goes_on_says_until_when() -> None:
    order = renewed()
    core = order_core(order)
    first, second = of(core).terms.order_by("starts_on")
    for event, term, paid in (
        (Event.SUBSCRIPTION_BEGUN, first, first.line.order),
        (Event.SUBSCRIPTION_RENEWED, second, order),
    ):
        [entry] = entries_of(event, of(core))
        assert (entry.facts["order"], entry.facts["ends_on"]) == (paid.number, str(term.ends_on))


def test_a_payment_knows_its_card_and_the_log_does_not(paper: Paper) -> None:
    payment = orders.paid()
    card = CardOnFile.objects.get()
    assert (payment.card_brand, payment.card_last4) == (card.card_brand, card.card_last4) == ("visa", "4242")
    assert not any("4242" in str(entry.facts) for entry in AuditEntry.objects.all())
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(card_last4="1881")
