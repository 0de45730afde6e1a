"""An unpaid year stops its CORE. It works again once its owner pays for a year that begins that day."""

from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.kinds import MessageKind
from integration.cores import locks as core_locks
from integration.cores.models import Core
from integration.cores.services import cores
from integration.cores.states import CoreState
from shop.catalogue import files
from shop.connections import locks, policies
from shop.connections.models import Subscription
from shop.connections.selectors import renewals, subscriptions
from shop.connections.services import years
from shop.connections.services.years import ACTOR
from shop.connections.states import SubscriptionState
from shop.orders import locks as order_locks
from shop.orders.models.orders import Order, PurchaseOrder
from shop.orders.services import orders
from shop.orders.states import OrderState
from shop.payments import locks as payment_locks
from shop.payments.services import payments
from shop.payments.states import LIVE_ATTEMPTS, AttemptState
from shop.rules import RESERVED_FOR


def lapse_due() -> int:
    """Stop the COREs whose year has been unpaid for 30 days; return their number. Nothing is deleted."""
    due = list(renewals.lapsing(timezone.localdate()).select_related("line"))
    stopped = 0
    for subscription in due:
        waiting = renewals.waiting_of(subscription)
        if waiting is not None:
            # First, so that a payment in the last moment counts.
            payments.close_pages(order=waiting)
        stopped += _lapse(subscription)
    return stopped + sum(_stop_anew(core) for core in list(renewals.running_unpaid()))


def reconnect(*, core: Core, by: User) -> Order:
    """Place the order of a year that begins on the day of its payment, as the owner of a CORE that was stopped.

    Returns an order that waits already. Raises NotYours, Stale, ValidationError if no tax rate is known.
    """
    with transaction.atomic():
        core_locks.own_core(core.pk, by=by)
        found = subscriptions.own_of(by, core)
        order_locks.order(found.line.order_id)
        subscription = locks.subscription(found.pk)
        policies.must_have_lapsed(subscription)
        waiting = renewals.waiting_of(subscription)
        if waiting is not None:
            return waiting
        order = years.draft(subscription=subscription, year_from=timezone.localdate())
        return years.place(order=order, actor=by.actor, pay_within=RESERVED_FOR)


def by_purchase_order(*, order: Order, by: User, number: str, limit: int, paper: "File[bytes] | None") -> PurchaseOrder:
    """Pay a year that waits for a card by a purchase order, for the same amount. Another order replaces its order.

    Nothing is charged and nothing stops until a clerk has decided. Raises as `purchase_orders.submit`.
    """
    checked = files.check_paper(paper, sender=by.pk)
    with transaction.atomic():
        first = Subscription.objects.filter(renewals=order).values_list("line__order", flat=True).get()
        order_locks.order(first)
        locked = order_locks.own_order(order.pk, by=by)
        subscription = locks.of_year(locked)
        policies.must_be_unpaid(locked, subscription)
        years.end_waiting(subscription=subscription, by=by)
        year_from = locked.year_from or timezone.localdate()
        again = years.draft(subscription=subscription, year_from=year_from, like=locked)
        submitted = orders.submit_purchase_order(
            order=again, by=by, consents=True, number=number, limit=limit, paper=checked
        )
    payments.close_pages(order=locked)
    return submitted


@transaction.atomic
def _lapse(found: Subscription) -> bool:
    held = core_locks.core(found.core_id)
    order_locks.order(found.line.order_id)
    locks.years(found.pk)
    subscription = locks.subscription(found.pk)
    if not renewals.lapsing(timezone.localdate()).filter(pk=found.pk).exists():
        return False
    waiting = renewals.waiting_of(subscription)
    if waiting is not None:
        if not _can_expire(waiting):
            return False
        _expire(waiting)
    subscription.stopped = held.state == CoreState.ACTIVE
    steps.take(subscription, SubscriptionState.LAPSED, ACTOR)
    cores.stop(core=held, by=ACTOR)
    return True


@transaction.atomic
def _stop_anew(core: UUID) -> bool:
    """Stop a CORE that replaced a stopped one under warranty and works since its activation."""
    held = core_locks.core(core)
    rows = Subscription.objects.select_for_update(no_key=True)
    subscription = rows.filter(core=held, state=SubscriptionState.LAPSED).first()
    if subscription is None or held.state != CoreState.ACTIVE:
        return False
    subscription.stopped = True
    subscription.save(update_fields=["stopped"])
    cores.stop(core=held, by=ACTOR)
    return True


def _can_expire(waiting: Order) -> bool:
    """No charge with an unknown end, and no decision of a clerk, may be pending."""
    live = [attempt for attempt in payment_locks.attempts_of(waiting) if attempt.state in LIVE_ATTEMPTS]
    under_way = any(attempt.state == AttemptState.PROCESSING or not attempt.is_by_page for attempt in live)
    return waiting.state == OrderState.AWAITING_PAYMENT and not under_way


def _expire(waiting: Order) -> None:
    waiting.ended_at = timezone.now()
    steps.take(waiting, OrderState.EXPIRED, ACTOR, facts=years.facts_of(waiting))
    years.tell(waiting, MessageKind.RENEWAL_LAPSED)
