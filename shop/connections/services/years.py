"""Further years of COREs: announced 30 days ahead, drafted, placed, paid, ended, or unpaid so that the CORE stops.

The charge equals the announced amount: the order is placed with the first notice, and its amount never changes. A
caller that places such an order has locked the connection.
"""

from datetime import date, timedelta
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, override

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration.cores import locks as core_locks
from integration.cores.models import Core
from integration.cores.services import cores
from integration.cores.states import CoreState
from shop.catalogue import files
from shop.catalogue.models import LONGEST_NAME, ProductKind
from shop.connections import locks, policies, selectors
from shop.connections.models import Subscription, Term
from shop.connections.states import RENEWABLE, SubscriptionState
from shop.orders import locks as order_locks, policies as orders_policies
from shop.orders.models.orders import Order, PayMethod, PurchaseOrder, TaskKind
from shop.orders.selectors.quotes import OrderQuote
from shop.orders.services import invoices, orders
from shop.orders.states import WAITING, OrderState
from shop.payments import locks as payment_locks
from shop.payments.services import payments
from shop.payments.states import LIVE_ATTEMPTS, AttemptState
from shop.rules import RESERVED_FOR

RENEWER = "shop.renew_connections"
ACTOR = task_actor(RENEWER)


def draft(*, subscription: Subscription, year_from: date, like: Order | None = None) -> Order:
    """Insert the draft order of a further year of a locked connection that has an owner.

    like: an announced order, for the same amount. Raises ValidationError if the place has no tax rate.
    """
    first, registrant = subscription.line.order, subscription.registrant
    if registrant is None:
        raise ValueError("a connection without an owner has no further year")
    if like is not None and _still_holds(like):
        line = like.lines.get()
        line.pk, line.held, line.refunded = uuid4(), 0, 0
        quoted, place = OrderQuote([line], like.exemption), like.ship_to
    else:
        quoted, place = _named(selectors.quote_of_year(subscription)), selectors.place_of_year(subscription)
    return orders.insert(
        owner=registrant,
        quoted=quoted,
        ship_name=first.ship_name,
        **orders_policies.address_columns("bill", first.bill_to),
        **orders_policies.address_columns("ship", place),
        # A further year is charged by the consent that was given when the CORE was bought.
        consent=first.consent,
        consent_at=first.consent_at,
        renews=subscription,
        year_from=year_from,
    )


def place(*, order: Order, actor: Actor, pay_within: timedelta | None = None) -> Order:
    """Place the order of a further year, to be paid by card. pay_within: time until it expires; None for no limit."""
    order.placed_at = timezone.now()
    order.method = PayMethod.CARD
    order.reserved_until = order.placed_at + pay_within if pay_within else None
    return steps.take(order, OrderState.AWAITING_PAYMENT, actor, facts=_facts_of(order))


def buy(*, order: Order, actor: Actor, due_on: date | None = None) -> bool:
    """Begin the year of a locked order that was paid, or approved on account, at the end of the year before it.

    False if the connection has ended, or if these days are paid already: the caller refunds the payment. A CORE that
    was stopped for an unpaid year works again, and its year begins today.
    """
    subscription = locks.of_year(order)
    starts_on = _starts_on(order, subscription)
    if starts_on is None:
        return False
    order.bought_at, order.ended_at = timezone.now(), None
    steps.take(order, OrderState.COMPLETED, actor, facts={"number": order.number})
    invoices.issue(order=order, actor=actor, due_on=due_on)
    line, ends_on = order.lines.get(), orders_policies.a_year_after(starts_on)
    Term.objects.create(subscription=subscription, line=line, starts_on=starts_on, ends_on=ends_on, fee=line.total)
    _goes_on(subscription, order, ends_on)
    _tell(order, MessageKind.RENEWAL_PAID)
    return True


def record_failure(*, order: Order, why: str) -> None:
    """Record that a further year could not be charged, and tell its owner. why: the service's code, or `NO_CARD`."""
    subscription = locks.of_year(order)
    if order.state != OrderState.AWAITING_PAYMENT:
        return
    if subscription.state == SubscriptionState.ACTIVE:
        subscription.past_due_on = timezone.localdate()
        steps.take(subscription, SubscriptionState.PAST_DUE, ACTOR)
    if subscription.state == SubscriptionState.PAST_DUE:
        _tell(order, MessageKind.RENEWAL_FAILED, why=why)


def end_waiting(*, subscription: Subscription, by: User | Actor) -> list[Order]:
    """Cancel the unpaid order of a further year of a locked connection; return the canceled orders.

    The caller closes their payment pages after the commit. A payment in process is refunded when it arrives.
    """
    ended = []
    waiting = Order.objects.filter(renews=subscription, state__in=WAITING).values_list("pk", flat=True)
    for pk in list(waiting):
        order = order_locks.order(pk)
        if order.state in WAITING:
            orders.end(order=order, by=by, waits=False)
            ended.append(order)
    return ended


def _tell(order: Order, kind: MessageKind, **more: str) -> None:
    """Send a message about a locked order of a further year, in its owner's current language."""
    context = {"order": str(order.pk), **more}
    notifications.send(kind=kind, to=order.registrant, about=order.subject, context=context)


def _facts_of(order: Order) -> dict[str, int | str]:
    return {"number": order.number, "subscription": str(order.renews_id), "year_from": str(order.year_from)}


def lock_core(order: Order) -> Core | None:
    """Lock the CORE whose year an order pays for, since a payment may restart it. None for an order of goods."""
    found = Subscription.objects.filter(renewals=order).values_list("core", flat=True).first()
    return core_locks.core(found) if found is not None else None


def _still_holds(like: Order) -> bool:
    return like.exemption is None or like.exemption.valid_until >= timezone.localdate()


def _named(quoted: OrderQuote) -> OrderQuote:
    """Name the only line of a further year's quote in both languages, as a service: nothing is shipped for it."""
    (year,) = quoted.lines
    year.kind = ProductKind.SERVICE
    for language, column in (("en", "name"), ("es", "name_es")):
        with override(language):
            setattr(year, column, (_("Yearly fee: %(name)s") % {"name": getattr(year, column)})[:LONGEST_NAME])
    return quoted


def _starts_on(order: Order, subscription: Subscription) -> date | None:
    if order.state not in WAITING or subscription.state not in RENEWABLE or order.year_from is None:
        return None
    has_lapsed = subscription.state == SubscriptionState.LAPSED
    begin = max(order.year_from, timezone.localdate()) if has_lapsed else order.year_from
    return begin if all(term.ends_on <= begin for term in selectors.terms_of(subscription)) else None


def _goes_on(subscription: Subscription, order: Order, ends_on: date) -> None:
    was_stopped = subscription.stopped
    facts: dict[str, int | str] = {"core": subscription.core.serial, "order": order.number, "ends_on": str(ends_on)}
    if subscription.state == SubscriptionState.ACTIVE:
        record(event=Event.SUBSCRIPTION_RENEWED, actor=ACTOR, subject=subscription.subject, facts=facts)
    else:
        subscription.past_due_on, subscription.stopped = None, False
        steps.take(subscription, SubscriptionState.ACTIVE, ACTOR)
    if was_stopped:
        cores.restart(core=core_locks.core(subscription.core_id), by=ACTOR)


def announce_due() -> int:
    due = list(selectors.subscriptions_to_announce(timezone.localdate()).values_list("pk", "line__order"))
    return sum(_announce(pk, first) for pk, first in due)


def remind_due() -> int:
    soon = list(selectors.years_to_remind(timezone.localdate()).values_list("pk", flat=True))
    return sum(_remind(pk) for pk in soon)


def announce_again(*, order: Order) -> Order | None:
    """Announce a further year whose purchase order was declined, for the same amount, inside the caller's transaction.

    order: the canceled one, locked. Returns the new order, None if the connection has ended meanwhile.
    """
    subscription = locks.of_year(order)
    if order.year_from is None or subscription.registrant is None or not policies.can_go_on(subscription):
        return None
    again = draft(subscription=subscription, year_from=order.year_from, like=order)
    return _place(again)


@transaction.atomic
def _announce(pk: int, first: UUID) -> bool:
    order_locks.order(first)
    subscription = locks.subscription(pk)
    is_due = selectors.subscriptions_to_announce(timezone.localdate()).filter(pk=pk).exists()
    if not is_due or selectors.fee_of_year(subscription) == 0:
        # A free connection needs no renewal.
        return False
    try:
        order = draft(subscription=subscription, year_from=selectors.paid_until(subscription))
    except ValidationError:
        facts: dict[str, int | str] = {"kind": "no_tax_rate", "core": subscription.core.serial}
        about = f"subscription {subscription.pk}"
        orders.open_task(kind=TaskKind.RENEWAL_STUCK, about=about, order=subscription.line.order, facts=facts)
        return False
    _place(order)
    return True


def _place(order: Order) -> Order:
    placed = place(order=order, actor=ACTOR)
    record(event=Event.RENEWAL_ANNOUNCED, actor=ACTOR, subject=placed.subject, facts=_facts_of(placed))
    _tell(placed, MessageKind.RENEWAL_ANNOUNCED)
    return placed


@transaction.atomic
def _remind(pk: UUID) -> bool:
    order = order_locks.order(pk)
    still = order.state == OrderState.AWAITING_PAYMENT
    if not still or not policies.can_be_reminded(order, told_at=selectors.announced_at(order)):
        return False
    order.reminded_at = timezone.now()
    order.save(update_fields=["reminded_at"])
    facts = {**_facts_of(order), "again": 1}
    record(event=Event.RENEWAL_ANNOUNCED, actor=ACTOR, subject=order.subject, facts=facts)
    _tell(order, MessageKind.RENEWAL_REMINDED)
    return True


def lapse_due() -> int:
    """Stop the COREs whose year has been unpaid for 30 days; return how many. Nothing is deleted."""
    due = list(selectors.lapsing_subscriptions(timezone.localdate()).select_related("line"))
    stopped = 0
    for subscription in due:
        waiting = selectors.waiting_order_of(subscription)
        if waiting is not None:
            # First, so that a payment in the last moment counts.
            payments.close_pages(order=waiting)
        stopped += _lapse(subscription)
    return stopped + sum(_stop_anew(core) for core in list(selectors.unpaid_cores_at_work()))


def reconnect(*, core: Core, by: User) -> Order:
    """Place the order of a year that begins when it is paid, for the owner's CORE that stopped for an unpaid year.

    Returns the order that waits already, if there is one. Raises NotYours, Stale, ValidationError without a tax rate.
    """
    with transaction.atomic():
        core_locks.own_core(core.pk, by=by)
        found = selectors.own_subscription(by, core)
        order_locks.order(found.line.order_id)
        subscription = locks.subscription(found.pk)
        policies.must_have_lapsed(subscription)
        policies.must_not_come_back(subscription, is_coming_back=selectors.is_coming_back(subscription))
        waiting = selectors.waiting_order_of(subscription)
        if waiting is not None:
            return waiting
        order = draft(subscription=subscription, year_from=timezone.localdate())
        return place(order=order, actor=by.actor, pay_within=RESERVED_FOR)


def pay_by_purchase_order(
    *, order: Order, by: User, number: str, limit: int, paper: "File[bytes] | None"
) -> PurchaseOrder:
    """Pay a further year that waits for a card by a purchase order of the same amount. A new order replaces its order.

    Nothing is charged and nothing stops until a clerk has decided. Raises as `orders.submit_purchase_order`.
    """
    checked = files.check_paper(paper, sender=by.pk)
    with transaction.atomic():
        first = Subscription.objects.filter(renewals=order).values_list("line__order", flat=True).get()
        order_locks.order(first)
        locked = order_locks.own_order(order.pk, by=by)
        subscription = locks.of_year(locked)
        policies.must_be_unpaid(locked, subscription)
        end_waiting(subscription=subscription, by=by)
        year_from = locked.year_from or timezone.localdate()
        again = draft(subscription=subscription, year_from=year_from, like=locked)
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
    if not selectors.lapsing_subscriptions(timezone.localdate()).filter(pk=found.pk).exists():
        return False
    waiting = selectors.waiting_order_of(subscription)
    if waiting is not None:
        if not _can_expire(waiting):
            return False
        waiting.ended_at = timezone.now()
        steps.take(waiting, OrderState.EXPIRED, ACTOR, facts=_facts_of(waiting))
        _tell(waiting, MessageKind.RENEWAL_LAPSED)
    subscription.stopped = held.state == CoreState.ACTIVE
    steps.take(subscription, SubscriptionState.LAPSED, ACTOR)
    cores.stop(core=held, by=ACTOR)
    return True


@transaction.atomic
def _stop_anew(core: UUID) -> bool:
    """Stop a CORE that replaced a stopped one under warranty, and that works since its activation."""
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
    """True if no charge with an unknown result, and no decision of a clerk, is pending for an order."""
    live = [attempt for attempt in payment_locks.attempts_of(waiting) if attempt.state in LIVE_ATTEMPTS]
    under_way = any(attempt.state == AttemptState.PROCESSING or not attempt.is_by_page for attempt in live)
    return waiting.state == OrderState.AWAITING_PAYMENT and not under_way
