"""When a further year is charged and reminded of, and how long it lasts."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import Stale
from shop.connections.models import CardOnFile, Subscription
from shop.connections.states import RENEWABLE, SubscriptionState
from shop.orders.models.orders import Order
from shop.orders.states import OrderState
from shop.payments.models.payments import PaymentAttempt
from shop.rules import LAPSES_AFTER, NOTICE_LIFE, REMINDED_BEFORE, TRIED_AGAIN_AFTER


def must_have_lapsed(subscription: Subscription) -> None:
    """Raise Stale unless a connection was stopped because nobody paid."""
    if subscription.state != SubscriptionState.LAPSED:
        raise Stale(_("That can't be done with this connection now."), subject=subscription.subject)


def must_be_unpaid(order: Order, subscription: Subscription) -> None:
    """Raise Stale unless a year waits for a card, of a connection that it can still be bought for."""
    if order.state != OrderState.AWAITING_PAYMENT or subscription.state not in RENEWABLE:
        raise Stale(_("Nothing is due for this order."), subject=order.subject)


def can_be_charged(*, told_at: datetime | None) -> bool:
    """Tell whether the first notice of a year has been out for seven whole days."""
    return told_at is not None and told_at + NOTICE_LIFE <= timezone.now()


def is_due(subscription: Subscription, *, charges: Sequence[PaymentAttempt], card: CardOnFile | None) -> bool:
    """Tell whether a year that may be charged is tried now.

    At once, then 3, 7 and 14 days after it did not go through, and when another card was left in between. Days that
    were missed are made up for by one try.
    """
    if card is None:
        # Its owner is told once that there is no card.
        return subscription.past_due_on is None
    if not charges:
        return True
    last = charges[-1].begun_at
    if card.saved_at > last:
        return True
    today, tried_on = timezone.localdate(), timezone.localtime(last).date()
    if subscription.past_due_on is None:
        return tried_on < today
    days = [subscription.past_due_on + timedelta(days=number) for number in (0, *TRIED_AGAIN_AFTER)]
    return tried_on < max(day for day in days if day <= today or day == days[0])


def next_try(subscription: Subscription) -> date | None:
    """Return the day on which a card is tried again, None for no more."""
    since, today = subscription.past_due_on or timezone.localdate(), timezone.localdate()
    days = [since + timedelta(days=number) for number in TRIED_AGAIN_AFTER]
    return next((day for day in days if day > today), None)


def stops_on(subscription: Subscription) -> date:
    """Return the day on which a CORE stops whose year nobody pays."""
    return (subscription.past_due_on or timezone.localdate()) + LAPSES_AFTER


def can_be_reminded(order: Order, *, told_at: datetime | None) -> bool:
    """Tell whether the second notice is due: in the last week, and not right after the first."""
    if order.reminded_at is not None or order.year_from is None or told_at is None:
        return False
    left = order.year_from - timezone.localdate()
    return timedelta(0) < left <= REMINDED_BEFORE and told_at + NOTICE_LIFE <= timezone.now()


def can_go_on(subscription: Subscription) -> bool:
    """Tell whether a connection still waits for its next year."""
    return subscription.state in (SubscriptionState.ACTIVE, SubscriptionState.PAST_DUE)


def a_year_after(day: date) -> date:
    """Return the same day of the next year; the last of February for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
