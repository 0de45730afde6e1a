"""What follows for a connection from what became of a payment. All inside a transaction, with the order locked."""

from datetime import date

from django.utils import timezone

from audit.actors import Actor
from audit.events import Event
from audit.services import record
from fusus_portal.notifications.kinds import MessageKind
from integration.models import Core
from integration.services import cores
from integration.services import locking as core_locking
from registry.services.acting import task_actor
from shop.models import Order, Subscription, Term
from shop.policies import subscriptions as policy
from shop.selectors.subscriptions import terms_of
from shop.services import invoices, renewal_news, steps
from shop.states import RENEWABLE, WAITING, OrderState, SubscriptionState

ACTOR = task_actor("shop.renew_connections")


def lock_core(order: Order) -> Core | None:
    """Lock the CORE of a year before its order, since a payment may let it work again. None for an order of goods."""
    found = Subscription.objects.filter(renewals=order).values_list("core", flat=True).first()
    return core_locking.core(found) if found is not None else None


def locked(order: Order) -> Subscription:
    """Lock the connection of a locked order of a year."""
    rows = Subscription.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("core", "line__order", "line__product", "registrant__user").prefetch_related("terms")
    return found.get(renewals=order)


def buy(*, order: Order, actor: Actor, due_on: date | None = None) -> bool:
    """Let a year that was paid, or approved on account, begin where the one before ends; return False for none.

    None begins for a connection that has ended, and none over days that are paid already: what was paid goes back.
    A CORE that was stopped because nobody paid works again, and its year begins today.
    """
    subscription = locked(order)
    starts_on = _starts_on(order, subscription)
    if starts_on is None:
        return False
    order.bought_at, order.ended_at = timezone.now(), None
    steps.order(order, OrderState.COMPLETED, actor, facts={"number": order.number})
    invoices.issue(order=order, actor=actor, due_on=due_on)
    line, ends_on = order.lines.get(), policy.a_year_after(starts_on)
    Term.objects.create(subscription=subscription, line=line, starts_on=starts_on, ends_on=ends_on, fee=line.total)
    _goes_on(subscription, order, ends_on)
    renewal_news.tell(order, MessageKind.RENEWAL_PAID)
    return True


def failed(*, order: Order, why: str) -> None:
    """Note that a year that has begun could not be charged, and tell its owner why and what can be done.

    why: the code of the payment service, or `words.NO_CARD`.
    """
    subscription = locked(order)
    if order.state != OrderState.AWAITING_PAYMENT:
        return
    if subscription.state == SubscriptionState.ACTIVE:
        subscription.past_due_on = timezone.localdate()
        steps.subscription(subscription, SubscriptionState.PAST_DUE, ACTOR)
    if subscription.state == SubscriptionState.PAST_DUE:
        renewal_news.tell(order, MessageKind.RENEWAL_FAILED, why=why)


def _starts_on(order: Order, subscription: Subscription) -> date | None:
    """Return the first day of the year that an order buys now, None when it buys none."""
    if order.state not in WAITING or subscription.state not in RENEWABLE or order.year_from is None:
        return None
    today = timezone.localdate()
    begin = order.year_from
    if subscription.state == SubscriptionState.LAPSED:
        begin = max(begin, today)
    return begin if all(term.ends_on <= begin for term in terms_of(subscription)) else None


def _goes_on(subscription: Subscription, order: Order, ends_on: date) -> None:
    """Let a connection go on for a year, and its CORE work again if it was stopped for the money."""
    was_stopped = subscription.stopped
    facts: dict[str, int | str] = {"core": subscription.core.serial, "order": order.number, "ends_on": str(ends_on)}
    if subscription.state == SubscriptionState.ACTIVE:
        record(event=Event.SUBSCRIPTION_RENEWED, actor=ACTOR, subject=subscription.subject, facts=facts)
    else:
        subscription.past_due_on, subscription.stopped = None, False
        steps.subscription(subscription, SubscriptionState.ACTIVE, ACTOR)
    if was_stopped:
        cores.restart(core=core_locking.core(subscription.core_id), by=ACTOR)
