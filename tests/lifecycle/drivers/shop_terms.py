"""Steps of subscriptions, and of the COREs that stop with them."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import time_machine
from django.utils import timezone

from fusus_portal.ground.lifecycle import Stale
from integration.cores.models import Core
from integration.cores.services import cores
from integration.cores.states import CORE, CoreState
from shop.connections.models import Subscription
from shop.connections.services import subscriptions, years
from shop.connections.states import SUBSCRIPTION, SubscriptionState as State
from shop.orders.services import orders
from shop.orders.states import ORDER, OrderState
from shop.parcels.models import ShipmentItem
from shop.payments.gateway.answers import Failed, GatewayFault
from shop.payments.models import PaymentAttempt
from shop.payments.services import payments
from shop.payments.states import ATTEMPT, AttemptState
from shop.returns import services
from tests.factories import person
from tests.integration.cores.devices import CERTIFICATE, owner_of
from tests.lifecycle.drivers import Taken, beginning, drives, take
from tests.shop.connections.renewed import (
    MONTH,
    announced,
    first_end,
    lapsed,
    of,
    on_day,
    order_core,
    owing,
    submitted,
    work,
)
from tests.shop.orders.orders import BACK, gateway, paid, placed, unknown
from tests.shop.returns.returned import accepted, begun, bought, core_of, drafted_like, received

OWNER, CLERK, TASK = "business", "clerk", "task"


def connected(state: str = State.ACTIVE) -> Subscription:
    """Return a connection at a state."""
    gateway()
    core = bought()
    if state == State.CANCEL_SCHEDULED:
        subscriptions.cancel_with_year(core=core, by=owner_of(core))
    return Subscription.objects.select_related("core").get(core=core)


@drives(SUBSCRIPTION, State.ACTIVE, State.CANCEL_SCHEDULED, OWNER)
def cancel(_role: str) -> Taken:
    """Its owner lets it end with its year."""
    found = beginning(connected)
    return take(found, lambda: subscriptions.cancel_with_year(core=found.core, by=owner_of(found.core)))


@drives(SUBSCRIPTION, State.CANCEL_SCHEDULED, State.ACTIVE, OWNER)
def keep(_role: str) -> Taken:
    """Its owner keeps it after all."""
    found = beginning(connected, State.CANCEL_SCHEDULED)
    return take(found, lambda: subscriptions.keep(core=found.core, by=owner_of(found.core)))


for begin in (State.ACTIVE, State.CANCEL_SCHEDULED):

    @drives(SUBSCRIPTION, begin, State.ENDED, OWNER)
    def end_now(_role: str, begin: State = begin) -> Taken:
        """Its owner ends it at once."""
        found = beginning(connected, begin)
        return take(found, lambda: subscriptions.cancel_now(core=found.core, by=owner_of(found.core)))

    @drives(SUBSCRIPTION, begin, State.ENDED, CLERK, "administrator")
    def came_back(role: str, begin: State = begin) -> Taken:
        """Its CORE came back."""
        found = beginning(connected, begin)
        back = accepted(received(begun(found.core)))
        return take(found, lambda: services.pay_return(back=back, by=person(role)))


@drives(SUBSCRIPTION, State.CANCEL_SCHEDULED, State.ENDED, TASK)
def is_over(_role: str) -> Taken:
    """Its year is over."""
    found = beginning(connected, State.CANCEL_SCHEDULED)
    return take(found, a_year_later)


def a_year_later() -> None:
    """Let the nightly work be done a year from now."""
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        subscriptions.end_due()


@drives(SUBSCRIPTION, State.ACTIVE, State.ENDED, TASK)
def went_elsewhere(_role: str) -> Taken:
    """Its CORE came back without a return, and went to somebody else."""
    found = beginning(connected)
    return take(found, goes_elsewhere(found))


for owes in (State.PAST_DUE, State.LAPSED):

    @drives(SUBSCRIPTION, owes, State.ENDED, OWNER)
    def end_owing(_role: str, owes: State = owes) -> Taken:
        """Its owner ends it, though a year of it is not paid."""
        found = beginning(unpaid, owes)
        return take(found, lambda: subscriptions.cancel_now(core=found.core, by=owner_of(found.core)))

    @drives(SUBSCRIPTION, owes, State.ENDED, CLERK, "administrator")
    def owing_came_back(role: str, owes: State = owes) -> Taken:
        """Its CORE came back, though a year of it is not paid."""
        found = beginning(unpaid, owes)
        back = accepted(received(begun(found.core)))
        return take(found, lambda: services.pay_return(back=back, by=person(role)))

    @drives(SUBSCRIPTION, owes, State.ENDED, TASK)
    def owing_went_elsewhere(_role: str, owes: State = owes) -> Taken:
        """Its CORE went to somebody else, though a year of it was not paid."""
        found = beginning(unpaid, owes)
        return take(found, goes_elsewhere(found))


def unpaid(state: str) -> Subscription:
    """Return a connection whose year nobody has paid."""
    return of(order_core(owing()) if state == State.PAST_DUE else lapsed())


@drives(SUBSCRIPTION, State.ACTIVE, State.PAST_DUE, TASK)
def is_owed(_role: str) -> Taken:
    """Its new year could not be charged."""
    gateway().next_charge = Failed("generic_decline")
    core = order_core(beginning(announced))
    with on_day(core, 0):
        return take(of(core), work)


@drives(SUBSCRIPTION, State.PAST_DUE, State.ACTIVE, TASK)
def is_paid(_role: str) -> Taken:
    """It was charged at last."""
    core = order_core(beginning(owing))
    gateway().next_charge = None
    with on_day(core, 3):
        return take(of(core), work)


@drives(SUBSCRIPTION, State.PAST_DUE, State.LAPSED, TASK)
def lapses(_role: str) -> Taken:
    """Nobody paid."""
    core = order_core(beginning(owing))
    with on_day(core, MONTH):
        return take(of(core), years.lapse_due)


@drives(SUBSCRIPTION, State.LAPSED, State.ACTIVE, TASK)
def connects(_role: str) -> Taken:
    """Its owner paid for a year that begins today."""
    core = beginning(lapsed)
    with on_day(core, MONTH + 1):
        attempt = paid_for(core)
        return take(of(core), lambda: payments.settle(attempt=attempt))


@drives(CORE, CoreState.SUSPENDED, CoreState.ACTIVE, TASK)
def works_again(_role: str) -> Taken:
    """Its owner paid for a year that begins today."""
    core = beginning(lapsed)
    with on_day(core, MONTH + 1):
        attempt = paid_for(core)
        return take(core, lambda: payments.settle(attempt=attempt))


def paid_for(core: Core) -> PaymentAttempt:
    """Return what its owner has paid for a CORE that was stopped, before anybody has heard of it."""
    order = years.reconnect(core=core, by=owner_of(core))
    attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
    gateway().pay(attempt.session_id)
    return attempt


@drives(ORDER, OrderState.DRAFT, OrderState.AWAITING_PAYMENT, TASK)
def announce(_role: str) -> Taken:
    """The next year is announced."""
    found = beginning(connected)
    order = years.draft(subscription=of(found.core), year_from=first_end(found.core))
    return take(order, lambda: years.place(order=order, actor=years.ACTOR))


@drives(ORDER, OrderState.AWAITING_PAYMENT, OrderState.COMPLETED, TASK)
def charge(_role: str) -> Taken:
    """It is charged."""
    gateway().next_charge = None
    order = beginning(announced)
    with on_day(order_core(order), 0):
        return take(order, work)


@drives(ORDER, OrderState.AWAITING_APPROVAL, OrderState.COMPLETED, CLERK)
def on_account(role: str) -> Taken:
    """It is bought by a purchase order."""
    gateway()
    order = submitted(announced())
    return take(order, lambda: orders.approve_purchase_order(purchase_order=order.purchase_order, by=person(role)))


def goes_elsewhere(found: Subscription) -> Callable[[], object]:
    """Return an act by which a CORE that came back without a return works for somebody else."""
    clerk, core = person(CLERK), found.core
    other = paid(placed(drafted_like(found.line))).order
    cores.begin_return(core=core, by=clerk)
    cores.wipe(core=core, by=clerk, certificate=CERTIFICATE)
    cores.restock(core=core, by=clerk)
    ShipmentItem.objects.filter(core=core).update(back_at=timezone.now())
    return lambda: core_of(other, used=core)


@drives(ORDER, OrderState.AWAITING_PAYMENT, OrderState.CANCELLED, TASK)
def year_given_up(_role: str) -> Taken:
    """Its CORE went to somebody else."""
    gateway()
    order = beginning(announced)
    return take(order, goes_elsewhere(of(order_core(order))))


@drives(ORDER, OrderState.AWAITING_APPROVAL, OrderState.CANCELLED, TASK)
def purchase_order_given_up(_role: str) -> Taken:
    """Its CORE went to somebody else."""
    gateway()
    order = submitted(announced())
    return take(order, goes_elsewhere(of(order_core(order))))


@drives(ATTEMPT, AttemptState.CREATED, AttemptState.CANCELLED, TASK)
def page_never_made(_role: str) -> Taken:
    """Its CORE went to somebody else before the page was made."""
    attempt = begun_to_pay([unknown()])
    return take(attempt, goes_elsewhere(of(order_core(attempt.order))))


@drives(ATTEMPT, AttemptState.OPEN, AttemptState.CANCELLED, TASK)
def page_left_open(_role: str) -> Taken:
    """Its CORE went to somebody else while the page was open."""
    attempt = begun_to_pay([])
    return take(attempt, goes_elsewhere(of(order_core(attempt.order))))


def begun_to_pay(faults: list[GatewayFault]) -> PaymentAttempt:
    """Return an attempt to pay a year on a page; faults: of the service, when it is asked for one."""
    gateway()
    order = beginning(announced)
    gateway().before["create_session"] = faults
    with suppress(Stale):
        payments.begin_attempt(order=order, by=owner_of(order_core(order)), return_to=BACK, keeps=True)
    return order.attempts.get()


@drives(CORE, CoreState.ACTIVE, CoreState.SUSPENDED, OWNER)
def stops(_role: str) -> Taken:
    """Its owner cancels at once."""
    core = beginning(connected).core
    return take(core, lambda: subscriptions.cancel_now(core=core, by=owner_of(core)))


@drives(CORE, CoreState.ACTIVE, CoreState.SUSPENDED, TASK)
def stops_with_year(_role: str) -> Taken:
    """The year that was canceled is over."""
    core = beginning(connected, State.CANCEL_SCHEDULED).core
    return take(core, a_year_later)
