"""Subscriptions, as owners see them."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import NotYours
from integration.models import Core
from shop import worth
from shop.models import Subscription
from shop.states import SubscriptionState


def of_core(core: Core) -> Subscription | None:
    """Return the subscription of a CORE by whoever has it, the last one; None when it was not bought."""
    return _whole().filter(core=core, registrant=core.registrant_id).order_by("-begun_at").first()


def own(user: User) -> QuerySet[Subscription]:
    """Return a business's subscriptions, the newest first."""
    return _whole().filter(registrant__user=user).order_by("-begun_at")


def own_of(user: User, core: Core) -> Subscription:
    """Return the subscription of a business's own CORE. Raises NotYours for none."""
    found = own(user).filter(core=core).first()
    if found is None:
        raise NotYours(_("There is no connection to cancel."), subject=core.subject)
    return found


def due(today: date) -> QuerySet[Subscription]:
    """Return those whose last day has come, the oldest first."""
    ending = Subscription.objects.filter(state=SubscriptionState.CANCEL_SCHEDULED, ends_on__lte=today)
    return ending.order_by("ends_on", "pk")


def paid_until(subscription: Subscription) -> date:
    """Return the day after the last one that is paid."""
    return max(term.ends_on for term in subscription.terms.all())


def comes_back(subscription: Subscription) -> int:
    """Return what would go back now: the whole months of its year that have not begun, in cents."""
    today = timezone.localdate()
    return sum(
        worth.unused(term.fee, term.starts_on, today) - term.refunded
        for term in subscription.terms.all()
        if term.ends_on > today
    )


def _whole() -> QuerySet[Subscription]:
    return Subscription.objects.select_related("core", "line__order", "registrant__user").prefetch_related("terms")
