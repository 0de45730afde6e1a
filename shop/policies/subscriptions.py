"""How long a term lasts, and who ends it."""

from datetime import date

from fusus_portal.accounts.models import User
from shop.models import Subscription
from shop.states import SUBSCRIPTION, SubscriptionState


def a_year_after(day: date) -> date:
    """Return the same day of the next year; the last of February for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def may_become(subscription: Subscription, target: SubscriptionState, *, by: User) -> None:
    """Raise Stale or Refused, by the lifecycle, when a connection can't become this now, or not by this person."""
    SUBSCRIPTION.check(source=subscription.state, target=target, role=by.role, subject=subscription.subject)
