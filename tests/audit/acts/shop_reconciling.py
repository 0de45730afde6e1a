"""Acts about comparing the books with the payment service. It is not there, which is an entry too."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from audit.events import Event
from shop.models import PaymentAttempt, Reconciliation
from shop.services import reconciling, settling
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.shop import orders as made


@calls(reconciling.ask, Event.RECONCILIATION_ASKED)
def ask() -> Act:
    """A clerk asks for it."""
    by = person("clerk")
    return lambda: reconciling.ask(by=by)


@calls(reconciling.run_one, Event.RECONCILIATION_DONE)
def run_one() -> Act:
    """The worker makes it."""
    run = Reconciliation.objects.create()
    return lambda: reconciling.run_one(pk=run.pk)


@calls(reconciling.take_up, Event.RECONCILIATION_DONE)
def take_up() -> Act:
    """Or another worker does, when the first never heard of it."""
    Reconciliation.objects.create(asked_at=timezone.now() - reconciling.UNHEARD)
    return reconciling.take_up


@calls(reconciling.nightly, Event.RECONCILIATION_DONE, written_before=("shop_reconciliation",))
def nightly() -> Act:
    """It is night."""
    return reconciling.nightly


@calls(settling.give_up, Event.ATTEMPT_FAILED)
def give_up() -> Act:
    """No page was ever made for an attempt."""
    attempt = made.attempt_at("created")

    def act() -> PaymentAttempt:
        with time_machine.travel(timezone.now() + timedelta(hours=2)):
            return settling.give_up(attempt=attempt)

    return act
