"""Acts about comparing the books with the payment service. It is not there, which is an entry too."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from audit.log.events import Event
from shop.books.models import Reconciliation
from shop.books.services import comparisons
from shop.payments.models import PaymentAttempt
from shop.payments.services import payments
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.shop.orders import orders


@calls(comparisons.ask, Event.RECONCILIATION_ASKED)
def ask() -> Act:
    """A clerk asks for it."""
    by = person("clerk")
    return lambda: comparisons.ask(by=by)


@calls(comparisons.run_one, Event.RECONCILIATION_DONE)
def run_one() -> Act:
    """The worker makes it."""
    run = Reconciliation.objects.create()
    return lambda: comparisons.run_one(pk=run.pk)


@calls(comparisons.take_up, Event.RECONCILIATION_DONE)
def take_up() -> Act:
    """Or another worker does, when the first never heard of it."""
    Reconciliation.objects.create(asked_at=timezone.now() - comparisons.UNHEARD)
    return comparisons.take_up


@calls(comparisons.nightly, Event.RECONCILIATION_DONE, written_before=("shop_reconciliation",))
def nightly() -> Act:
    """It is night."""
    return comparisons.nightly


@calls(payments.give_up, Event.ATTEMPT_FAILED)
def give_up() -> Act:
    """No page was ever made for an attempt."""
    attempt = orders.attempt_at("created")

    def act() -> PaymentAttempt:
        with time_machine.travel(timezone.now() + timedelta(hours=2)):
            return payments.give_up(attempt=attempt)

    return act
