"""Orders of further years, drafted, placed, paid and ended in the caller's transaction.

A caller that places one holds the lock of the connection.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration.cores import locks as core_locks
from integration.cores.models import Core
from integration.cores.services import cores
from shop.catalogue.models import LONGEST_NAME, ProductKind
from shop.connections import locks, policies
from shop.connections.models import Subscription, Term
from shop.connections.selectors.renewals import place_of, quote_of
from shop.connections.selectors.subscriptions import terms_of
from shop.connections.states import RENEWABLE, SubscriptionState
from shop.orders import locks as order_locks
from shop.orders.models.orders import Order, OrderLine, PayMethod
from shop.orders.selectors.quotes import OrderQuote
from shop.orders.services import invoices, orders
from shop.orders.states import WAITING, OrderState

RENEWER = "shop.renew_connections"
ACTOR = task_actor(RENEWER)


def draft(*, subscription: Subscription, year_from: date, like: Order | None = None) -> Order:
    """Write the order of a year of a locked connection with an owner.

    like: an announced order, for the same amount. Raises ValidationError if no tax rate is known.
    """
    first, registrant = subscription.line.order, subscription.registrant
    if registrant is None:
        raise ValueError("a connection without an owner has no further year")
    if like is not None and _still_holds(like):
        quoted, place = OrderQuote([_again(like.lines.get())], like.exemption), like.ship_to
    else:
        quoted, place = _named(quote_of(subscription)), place_of(subscription)
    return orders.insert(
        owner=registrant,
        quoted=quoted,
        ship_name=first.ship_name,
        **orders.address_columns("bill", first.bill_to),
        **orders.address_columns("ship", place),
        # A further year is charged by the consent that was given when the CORE was bought.
        consent=first.consent,
        consent_at=first.consent_at,
        renews=subscription,
        year_from=year_from,
    )


def place(*, order: Order, actor: Actor, pay_within: timedelta | None = None) -> Order:
    """Place a year that is paid by card. pay_within: it expires after that; None for no limit."""
    order.placed_at = timezone.now()
    order.method = PayMethod.CARD
    order.reserved_until = order.placed_at + pay_within if pay_within else None
    return steps.take(order, OrderState.AWAITING_PAYMENT, actor, facts=facts_of(order))


def buy(*, order: Order, actor: Actor, due_on: date | None = None) -> bool:
    """Begin a year that was paid, or approved on account, at the end of the year before; return False if none begins.

    None begins if the connection has ended, or if these days are paid already: the payment goes back. A CORE that was
    stopped for an unpaid year works again, and its year begins today.
    """
    subscription = locks.of_year(order)
    starts_on = _starts_on(order, subscription)
    if starts_on is None:
        return False
    order.bought_at, order.ended_at = timezone.now(), None
    steps.take(order, OrderState.COMPLETED, actor, facts={"number": order.number})
    invoices.issue(order=order, actor=actor, due_on=due_on)
    line, ends_on = order.lines.get(), policies.a_year_after(starts_on)
    Term.objects.create(subscription=subscription, line=line, starts_on=starts_on, ends_on=ends_on, fee=line.total)
    _goes_on(subscription, order, ends_on)
    tell(order, MessageKind.RENEWAL_PAID)
    return True


def failed(*, order: Order, why: str) -> None:
    """Record that the year could not be charged. why: code of the payment service, or `declines.NO_CARD`."""
    subscription = locks.of_year(order)
    if order.state != OrderState.AWAITING_PAYMENT:
        return
    if subscription.state == SubscriptionState.ACTIVE:
        subscription.past_due_on = timezone.localdate()
        steps.take(subscription, SubscriptionState.PAST_DUE, ACTOR)
    if subscription.state == SubscriptionState.PAST_DUE:
        tell(order, MessageKind.RENEWAL_FAILED, why=why)


def end_waiting(*, subscription: Subscription, by: User | Actor, role: str = "") -> Sequence[Order]:
    """Cancel the unpaid year of a locked connection; return the orders whose pages the caller closes after the commit.

    A payment that is being processed is refunded when it arrives.
    """
    ended = []
    waiting = Order.objects.filter(renews=subscription, state__in=WAITING).values_list("pk", flat=True)
    for pk in list(waiting):
        order = order_locks.order(pk)
        if order.state in WAITING:
            orders.end(order=order, by=by, role=role, waits=False)
            ended.append(order)
    return ended


def tell(order: Order, kind: MessageKind, **more: str) -> None:
    """Send a message about a locked order of a further year, in its owner's current language."""
    context = {"order": str(order.pk), **more}
    notifications.send(kind=kind, to=order.registrant, about=order.subject, context=context)


def facts_of(order: Order) -> dict[str, int | str]:
    return {"number": order.number, "subscription": str(order.renews_id), "year_from": str(order.year_from)}


def lock_core(order: Order) -> Core | None:
    """Lock the CORE of a year before its order, since a payment may restart it. None for an order of goods."""
    found = Subscription.objects.filter(renewals=order).values_list("core", flat=True).first()
    return core_locks.core(found) if found is not None else None


def _still_holds(like: Order) -> bool:
    return like.exemption is None or like.exemption.valid_until >= timezone.localdate()


def _again(line: OrderLine) -> OrderLine:
    line.pk, line.held = uuid4(), 0
    return line


def _named(quoted: OrderQuote) -> OrderQuote:
    """Name the one line of a year's quote in both languages, as a service: nothing is shipped for it."""
    (year,) = quoted.lines
    year.kind = ProductKind.SERVICE
    for language, column in (("en", "name"), ("es", "name_es")):
        with override(language):
            setattr(year, column, (_("Yearly fee: %(name)s") % {"name": getattr(year, column)})[:LONGEST_NAME])
    return quoted


def _starts_on(order: Order, subscription: Subscription) -> date | None:
    if order.state not in WAITING or subscription.state not in RENEWABLE or order.year_from is None:
        return None
    today = timezone.localdate()
    begin = order.year_from
    if subscription.state == SubscriptionState.LAPSED:
        begin = max(begin, today)
    return begin if all(term.ends_on <= begin for term in terms_of(subscription)) else None


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
