"""Acts about comparing the books with the payment service. It is not there, which is an entry too."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from audit.log.events import Event
from shop.books import services as books
from shop.books.models import Reconciliation
from shop.payments.models import PaymentAttempt
from shop.payments.services import payments
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.shop.orders import orders


@calls(books.ask_for_comparison, Event.RECONCILIATION_ASKED)
def ask() -> Act:
    """A clerk asks for it."""
    by = person("clerk")
    return lambda: books.ask_for_comparison(by=by)


@calls(books.run_comparison, Event.RECONCILIATION_DONE)
def run_one() -> Act:
    """The worker makes it."""
    run = Reconciliation.objects.create()
    return lambda: books.run_comparison(pk=run.pk)


@calls(books.take_up_comparisons, Event.RECONCILIATION_DONE)
def take_up() -> Act:
    """Or another worker does, when the first never heard of it."""
    Reconciliation.objects.create(asked_at=timezone.now() - books.UNHEARD)
    return books.take_up_comparisons


@calls(books.compare_nightly, Event.RECONCILIATION_DONE, written_before=("shop_reconciliation",))
def nightly() -> Act:
    """It is night."""
    return books.compare_nightly


@calls(payments.give_up, Event.ATTEMPT_FAILED)
def give_up() -> Act:
    """No page was ever made for an attempt."""
    attempt = orders.attempt_at("created")

    def act() -> PaymentAttempt:
        with time_machine.travel(timezone.now() + timedelta(hours=2)):
            return payments.give_up(attempt=attempt)

    return act
