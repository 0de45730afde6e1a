"""Checks of the years that were paid: each once, none over another, none after the end."""

from collections import Counter
from itertools import pairwise

from django.utils import timezone

from integration.cores.states import CoreState
from shop.connections.models import Subscription, Term
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order
from shop.orders.states import OrderState
from shop.payments.models import Payment, Refund, RefundSource


def reckon() -> None:
    """Run the checks for every connection that there was."""
    states: Counter[str] = Counter()
    known = Subscription.objects.select_related("core").prefetch_related("terms__line__order")
    for subscription in known:
        states[subscription.state] += 1
        terms = sorted((term for term in subscription.terms.all() if not term.void_at), key=lambda term: term.starts_on)
        follow_one_another(terms)
        is_connected_as_paid(subscription, terms)
        begins_nothing_after_its_end(subscription, terms)
    each_year_is_paid_once()
    assert {SubscriptionState.ACTIVE, SubscriptionState.ENDED} <= states.keys()


def follow_one_another(terms: list[Term]) -> None:
    """No day is paid twice. Between two years days are missing only where the CORE was stopped meanwhile."""
    for before, after in pairwise(terms):
        assert before.ends_on <= after.starts_on


def is_connected_as_paid(subscription: Subscription, terms: list[Term]) -> None:
    """Who has paid is connected, and who has not is not."""
    today = timezone.localdate()
    is_paid = any(term.starts_on <= today < term.ends_on for term in terms)
    if subscription.state in (SubscriptionState.ACTIVE, SubscriptionState.CANCEL_SCHEDULED):
        assert is_paid, subscription.pk
    elif subscription.state == SubscriptionState.LAPSED:
        assert not is_paid
        assert subscription.core.state != CoreState.ACTIVE
    else:
        assert subscription.state == SubscriptionState.ENDED, subscription.state


def begins_nothing_after_its_end(subscription: Subscription, terms: list[Term]) -> None:
    """Nobody pays for a year that begins after they canceled; one that was paid ahead went back in full."""
    for term in subscription.terms.all():
        if term.void_at is not None:
            assert term.refunded == term.fee
    if subscription.ended_at is not None:
        last = subscription.ends_on or timezone.localdate(subscription.ended_at)
        assert all(term.starts_on <= last for term in terms)
        assert subscription.ends_on is None or all(term.starts_on < subscription.ends_on for term in terms)
        assert not Order.objects.filter(renews=subscription, state__in=[OrderState.AWAITING_PAYMENT]).exists()


def each_year_is_paid_once() -> None:
    """Of a CORE and a year there is one paid order, with one payment that was kept."""
    bought = Order.objects.filter(renews__isnull=False, state=OrderState.COMPLETED)
    assert bought.exists()
    years = Counter(bought.values_list("renews", "year_from"))
    assert set(years.values()) == {1}
    assert Term.objects.filter(line__order__in=bought).count() == bought.count()
    for_nothing = Refund.objects.filter(source__in=[RefundSource.LATE, RefundSource.TWICE])
    kept = Payment.objects.filter(order__in=bought, method="card").exclude(refunds__in=for_nothing)
    by_card = bought.exclude(method="purchase_order")
    assert Counter(kept.values_list("order", flat=True)) == Counter(by_card.values_list("pk", flat=True))
