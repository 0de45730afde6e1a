"""One person who presses twice in a second gives back no more alone than by pressing once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from shop.payments.models import Refund
from shop.payments.services import refunds
from shop.returns import services as returns
from tests.factories import person
from tests.registry.test_races import at_once, kinds_of
from tests.shop.orders import orders
from tests.shop.payments.test_one_person import gives, paid_by
from tests.shop.returns.returned import accepted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("paper")]


def test_two_presses_for_two_buyers_are_counted_one_after_the_other(clerk: User) -> None:
    payments = [paid_by() for _each in range(3)]
    at_once(*[lambda payment=payment: gives(payment, 20_000, clerk) for payment in payments])
    assert Refund.objects.filter(state="submitted").count() == 1
    assert Refund.objects.filter(needs_second=True).count() == 2


def test_two_who_were_asked_for_are_not_both_sent(clerk: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        early = [orders.requested(paid_by(), cents=10_000, by=clerk) for _each in range(2)]
    gives(paid_by(), 15_000, clerk)
    outcomes = at_once(*[lambda refund=refund: refunds.submit(refund=refund, by=clerk) for refund in early])
    assert kinds_of(outcomes) == ["Refund", "Refused"]


def test_of_the_inspector_and_another_the_other_pays() -> None:
    back = accepted()
    people = [back.inspected_by, person(Role.CLERK), back.inspected_by]
    outcomes = at_once(*[lambda by=by: returns.pay_return(back=back, by=by) for by in people])
    assert kinds_of(outcomes) == ["Refused", "Refused", "Return"]
