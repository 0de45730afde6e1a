"""A connection is canceled twice in one second, or while a check is recorded: its months go back once."""

from functools import partial

import pytest
from django.db import transaction

from shop.connections.services import subscriptions
from shop.payments.models import Refund
from tests.integration.cores.devices import owner_of
from tests.registry.test_races import at_once, kinds_of, waits
from tests.shop.orders.orders import check_payment, order_at
from tests.shop.returns.returned import bought
from tests.shop.returns.test_returns import FEE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("paper")]


def test_two_presses_at_once_give_the_months_back_once() -> None:
    core = bought()
    by = owner_of(core)
    outcomes = at_once(*[lambda: subscriptions.cancel_now(core=core, by=by)] * 3)
    assert kinds_of(outcomes) == ["Stale", "Stale", "Subscription"]
    assert Refund.objects.count() == 1


def test_a_check_that_is_being_recorded_is_waited_for_and_given_back() -> None:
    order = order_at("on_account")
    core = bought(order=order)
    by = owner_of(core)

    cancel = partial(subscriptions.cancel_now, core=core, by=by)

    with transaction.atomic():
        check_payment(order)
        assert waits(cancel)
    cancel()
    assert Refund.objects.get().cents == FEE * 11 // 12
