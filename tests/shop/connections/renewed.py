"""COREs whose years go on, made by walking the real services through time: `a_year_later(core, days=-30)`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import time_machine
from django.utils import timezone

from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from integration.cores.models import Core
from registry.registrants.models import Registrant
from shop.connections.models import Subscription
from shop.connections.services import cards, subscriptions, years
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order
from shop.orders.services import orders
from shop.payments.gateway.answers import Failed
from shop.payments.models import Payment
from tests.factories import person
from tests.integration.cores.devices import owner_of
from tests.shop.orders.orders import gateway, pdf
from tests.shop.returns.returned import bought, by_check

MONTH = 30
YEAR = 16_500
"""The fee of a year with its tax."""


def of(core: Core) -> Subscription:
    """Return the connection of a CORE as it is now."""
    found = Subscription.objects.select_related("core", "line__order", "registrant__user").prefetch_related("terms")
    return found.get(core=core)


def first_end(core: Core) -> date:
    """Return the day after the last one of its first year."""
    return of(core).terms.earliest("starts_on").ends_on


@contextmanager
def on_day(core: Core, days: int) -> Iterator[None]:
    """Let it be noon, so many days after its first year has ended."""
    noon = datetime.combine(first_end(core) + timedelta(days=days), time(12), timezone.get_current_timezone())
    with time_machine.travel(noon, tick=True):
        yield


def mails_go_out() -> None:
    """Let every message have been sent, now."""
    waiting = Message.objects.filter(sent_at__isnull=True)
    waiting.update(state="sent", sent_at=timezone.now(), to="", context={}, claimed_at=None)


def work(*, mails: bool = True) -> None:
    """Do what is done every ten minutes."""
    years.announce_due()
    years.remind_due()
    cards.charge_due()
    years.lapse_due()
    subscriptions.end_due()
    if mails:
        mails_go_out()


def announced(core: Core | None = None) -> Order:
    """Return the order of the next year of a CORE, 30 days before."""
    of_core = core or bought()
    with on_day(of_core, -MONTH):
        work()
    return Order.objects.get(renews=of(of_core), state="awaiting_payment")


def renewed(core: Core | None = None) -> Order:
    """Return the order of a year that was charged on its first day."""
    order = announced(core)
    with on_day(order_core(order), 0):
        work()
    order.refresh_from_db()
    assert order.state == "completed"
    return order


def order_core(order: Order) -> Core:
    """Return the CORE that a year is of."""
    return Subscription.objects.select_related("core__registrant__user").get(renewals=order).core


def owing(core: Core | None = None) -> Order:
    """Return the order of a year that could not be charged on its first day."""
    order = announced(core)
    gateway().next_charge = Failed("generic_decline")
    with on_day(order_core(order), 0):
        work()
    assert of(order_core(order)).state == SubscriptionState.PAST_DUE
    return order


def lapsed(core: Core | None = None) -> Core:
    """Return a CORE that was stopped because nobody paid its year."""
    found = order_core(owing(core))
    with on_day(found, MONTH):
        work()
    assert of(found).state == SubscriptionState.LAPSED
    return Core.objects.select_related("registrant__user").get(pk=found.pk)


def submitted(order: Order) -> Order:
    """Return the order of a year whose purchase order waits for a clerk."""
    core = order_core(order)
    sent = years.pay_by_purchase_order(order=order, by=owner_of(core), number="PO-77", limit=10**6, paper=pdf())
    return sent.order


def approved(order: Order) -> Order:
    """Return the order of a year that is bought on account."""
    sent = submitted(order)
    orders.approve_purchase_order(purchase_order=sent.purchase_order, by=person("clerk"))
    sent.refresh_from_db()
    return sent


def told(kind: MessageKind) -> int:
    """Return how often a message of a kind was written."""
    return Message.objects.filter(kind=kind).count()


def connected_for(days: int, owner: Registrant | None = None) -> Core:
    """Return a CORE that was paid by check and has worked for so many days, without a card on file."""
    with time_machine.travel(timezone.now() - timedelta(days=days), tick=True):
        return by_check(owner, active=True)


def waits_now(owner: Registrant | None = None) -> Order:
    """Return a year that begins in three weeks, and was announced today."""
    core = connected_for(344, owner)
    years.announce_due()
    return Order.objects.get(renews=of(core))


def owed_now(owner: Registrant | None = None) -> Order:
    """Return a year that was announced a month ago, began ten days ago, and is past due since then."""
    core = connected_for(376, owner)
    with on_day(core, -MONTH):
        years.announce_due()
        mails_go_out()
    with on_day(core, 0):
        cards.charge_due()
    return Order.objects.get(renews=of(core))


def stopped(core: Core) -> None:
    """Let a CORE have been stopped that has worked for more than a year and a month."""
    for day in (-MONTH, 0, MONTH):
        with on_day(core, day):
            work()
    assert of(core).state == SubscriptionState.LAPSED


def state_of(core: Core) -> tuple[str, str]:
    """Return where a CORE and its connection are."""
    return str(Core.objects.get(pk=core.pk).state), of(core).state


def captured(order: Order) -> int:
    """Return what was taken for an order, in cents."""
    return sum(payment.captured for payment in Payment.objects.filter(order=order))
