"""Days on which a further year is charged, tried again and reminded of, and on which its CORE stops."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.lifecycle import Stale
from shop.connections.models import CardOnFile, Subscription
from shop.connections.states import RENEWABLE, SubscriptionState
from shop.orders.models.orders import Order
from shop.orders.states import OrderState
from shop.payments.models import PaymentAttempt
from shop.rules import LAPSES_AFTER, NOTICE_LIFE, REMINDED_BEFORE, TRIED_AGAIN_AFTER

GOING_ON = (SubscriptionState.ACTIVE, SubscriptionState.PAST_DUE)
"""States of a connection whose next year is still expected."""

NO_CARD_KEPT = gettext_lazy("No card is kept for it: nothing is charged automatically")
COMING_BACK = gettext_lazy("This CORE is being returned. The return ends the connection, and nothing more is charged.")


def must_not_come_back(subscription: Subscription, *, is_coming_back: bool) -> None:
    """Raise Stale while the owner is returning the CORE: the return refunds the months that canceling would refund."""
    if is_coming_back:
        raise Stale(str(COMING_BACK), subject=subscription.subject)


def must_have_lapsed(subscription: Subscription) -> None:
    if subscription.state != SubscriptionState.LAPSED:
        raise Stale(_("That can't be done with this connection now."), subject=subscription.subject)


def must_be_unpaid(order: Order, subscription: Subscription) -> None:
    """Raise Stale unless the order of a further year waits for a card and its connection can be renewed."""
    if order.state != OrderState.AWAITING_PAYMENT or subscription.state not in RENEWABLE:
        raise Stale(_("Nothing is due for this order."), subject=order.subject)


def can_be_charged(*, told_at: datetime | None) -> bool:
    """True if the first notice of a further year is seven days old. told_at: when it went out, None if it has not."""
    return told_at is not None and told_at + NOTICE_LIFE <= timezone.now()


def is_due(subscription: Subscription, *, charges: list[PaymentAttempt], card: CardOnFile | None) -> bool:
    """True if a further year should be charged now. charges: the attempts so far, oldest first.

    It is charged when it begins, then 3, 7 and 14 days after the first failure, and once its owner saved another card.
    One attempt makes up for missed days. Without a card: True once, for a message to the owner.
    """
    if card is None:
        # Its owner gets one message that there is no card.
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
    since, today = subscription.past_due_on or timezone.localdate(), timezone.localdate()
    days = [since + timedelta(days=number) for number in TRIED_AGAIN_AFTER]
    return next((day for day in days if day > today), None)


def stops_on(subscription: Subscription) -> date:
    return (subscription.past_due_on or timezone.localdate()) + LAPSES_AFTER


def can_be_reminded(order: Order, *, told_at: datetime | None) -> bool:
    """True if the second notice is due: in the week before a further year, seven days after the first notice."""
    if order.reminded_at is not None or order.year_from is None or told_at is None:
        return False
    left = order.year_from - timezone.localdate()
    return timedelta(0) < left <= REMINDED_BEFORE and told_at + NOTICE_LIFE <= timezone.now()


def can_go_on(subscription: Subscription) -> bool:
    return subscription.state in GOING_ON
