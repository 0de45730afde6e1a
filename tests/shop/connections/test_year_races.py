"""A year is paid, canceled and compared in the same second: nobody has paid for a year that they do not get."""

import pytest
import time_machine
from django.utils import timezone

from shop.books import services as books
from shop.payments.services import payments, refunds
from tests.integration.cores.devices import owner_of
from tests.peers.payments import PaymentPeer
from tests.registry.test_races import at_once, kinds_of
from tests.shop.connections.renewed import announced, of, on_day
from tests.shop.connections.test_year_charges import CANCELS, YEAR, bought_at, captured
from tests.shop.orders.orders import BACK

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.mark.parametrize("number", range(4))
def test_paid_and_canceled_in_the_same_second_leaves_no_year_that_is_paid_and_not_had(
    payment_peer: PaymentPeer, number: int
) -> None:
    core = bought_at(payment_peer)
    order = announced(core)
    by = owner_of(core)
    with on_day(core, -5):
        moment = timezone.now()
    payment_peer.tell("clock", ahead=(moment - timezone.now()).total_seconds())
    with time_machine.travel(moment, tick=True):
        attempt = payments.begin_attempt(order=order, by=by, return_to=BACK, keeps=True)
        payment_peer.pay(attempt.session_id)
        acts = [
            lambda: payments.settle(attempt=attempt),
            lambda: CANCELS[number % 2](core=core, by=by),
            lambda: payments.settle(attempt=attempt),
            books.compare_nightly,
        ]
        kinds = set(kinds_of(at_once(*acts)))
        assert kinds <= {"PaymentAttempt", "Subscription", "int", "Stale"}
        books.compare_nightly()
        refunds.send_due()
        books.compare_nightly()
    assert captured(order) == YEAR
    assert payment_peer.refunded() >= YEAR
    assert of(core).state in {"ended", "cancel_scheduled"}
