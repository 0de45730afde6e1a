"""When a year is charged, tried again and told of once more, to the day and to the second."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from shop.connections import policies
from shop.connections.models import CardOnFile, Subscription
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order
from shop.payments.models import PaymentAttempt
from shop.rules import NOTICE_LIFE

TODAY = date(2026, 6, 15)
SECOND = timedelta(seconds=1)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def noon(number: int = 0) -> datetime:
    return datetime.combine(day(number), time(12), timezone.get_current_timezone())


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(noon(), tick=False):
        yield


def tried(*, past_due: int | None, last: int, left: int = -30) -> bool:
    """Tell whether a year is tried again now. The days are counted from now on, all at noon."""
    connection = Subscription(past_due_on=None if past_due is None else day(past_due))
    card = CardOnFile(saved_at=noon(left))
    return policies.is_due(connection, charges=[PaymentAttempt(begun_at=noon(last))], card=card)


@pytest.mark.parametrize(
    ("told_at", "may"),
    [(None, False), (noon() - NOTICE_LIFE, True), (noon() - NOTICE_LIFE + SECOND, False)],
)
def test_it_is_charged_seven_whole_days_after_its_notice(told_at: datetime | None, may: bool) -> None:
    assert policies.can_be_charged(told_at=told_at) is may


@pytest.mark.parametrize(
    ("begins", "told_at", "reminded_at", "may"),
    [
        (0, noon(-30), None, False),
        (1, noon(-30), None, True),
        (7, noon(-30), None, True),
        (8, noon(-30), None, False),
        (7, noon() - NOTICE_LIFE, None, True),
        (7, noon() - NOTICE_LIFE + SECOND, None, False),
        (7, None, None, False),
        (7, noon(-30), noon(-1), False),
        (None, noon(-30), None, False),
    ],
)
def test_it_is_told_of_once_more_in_the_last_week(
    begins: int | None, told_at: datetime | None, reminded_at: datetime | None, may: bool
) -> None:
    order = Order(year_from=None if begins is None else day(begins), reminded_at=reminded_at)
    assert policies.can_be_reminded(order, told_at=told_at) is may


@pytest.mark.parametrize(("past_due", "told"), [(None, True), (0, False)])
def test_without_a_card_its_owner_is_told_once(past_due: int | None, told: bool) -> None:
    connection = Subscription(past_due_on=None if past_due is None else day(past_due))
    assert policies.is_due(connection, charges=[], card=None) is told


def test_the_first_try_is_at_once() -> None:
    assert policies.is_due(Subscription(), charges=[], card=CardOnFile(saved_at=noon(-30)))


@pytest.mark.parametrize(
    ("past_due", "last", "is_due"),
    [
        (None, 0, False),
        (None, -1, True),
        (-2, -2, False),
        (-3, -3, True),
        (-3, 0, False),
        (-6, -3, False),
        (-7, -4, True),
        (-13, -6, False),
        (-14, -7, True),
        (-40, -26, False),
        (-40, -27, True),
    ],
)
def test_it_is_tried_again_after_3_7_and_14_days(past_due: int | None, last: int, is_due: bool) -> None:
    assert tried(past_due=past_due, last=last) is is_due


@pytest.mark.parametrize(("left", "is_due"), [(-1, False), (0, True)])
def test_another_card_is_tried_at_once(left: int, is_due: bool) -> None:
    assert tried(past_due=-2, last=-1, left=left) is is_due


@pytest.mark.parametrize(("past_due", "then"), [(None, 3), (0, 3), (-2, 1), (-3, 4), (-7, 7), (-13, 1), (-14, None)])
def test_the_next_try_is_known(past_due: int | None, then: int | None) -> None:
    connection = Subscription(past_due_on=None if past_due is None else day(past_due))
    assert policies.next_try(connection) == (None if then is None else day(then))


@pytest.mark.parametrize("state", SubscriptionState)
def test_a_connection_that_works_waits_for_its_next_year(state: SubscriptionState) -> None:
    assert policies.can_go_on(Subscription(state=state)) is (state in ("active", "past_due"))


@pytest.mark.parametrize(("past_due", "stops"), [(None, 30), (-10, 20)])
def test_a_core_stops_after_thirty_days(past_due: int | None, stops: int) -> None:
    connection = Subscription(past_due_on=None if past_due is None else day(past_due))
    assert policies.stops_on(connection) == day(stops)
