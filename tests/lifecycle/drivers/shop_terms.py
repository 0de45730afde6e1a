"""Steps of subscriptions, and of the COREs that stop with them."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from integration.services import returning
from integration.states import CORE, CoreState
from shop.models import ShipmentItem, Subscription
from shop.services import inspecting, subscriptions
from shop.states import SUBSCRIPTION
from shop.states import SubscriptionState as State
from tests.factories import person
from tests.integration.devices import CERTIFICATE, owner_of
from tests.lifecycle.drivers import Taken, drives, take
from tests.shop.orders import gateway, paid, placed
from tests.shop.returned import begun, bought, core_of, drafted_like, inspected, received

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
    found = connected()
    return take(found, lambda: subscriptions.cancel_with_year(core=found.core, by=owner_of(found.core)))


@drives(SUBSCRIPTION, State.CANCEL_SCHEDULED, State.ACTIVE, OWNER)
def keep(_role: str) -> Taken:
    """Its owner keeps it after all."""
    found = connected(State.CANCEL_SCHEDULED)
    return take(found, lambda: subscriptions.keep(core=found.core, by=owner_of(found.core)))


for begin in (State.ACTIVE, State.CANCEL_SCHEDULED):

    @drives(SUBSCRIPTION, begin, State.ENDED, OWNER)
    def end_now(_role: str, begin: State = begin) -> Taken:
        """Its owner ends it at once."""
        found = connected(begin)
        return take(found, lambda: subscriptions.cancel_now(core=found.core, by=owner_of(found.core)))

    @drives(SUBSCRIPTION, begin, State.ENDED, CLERK)
    def came_back(role: str, begin: State = begin) -> Taken:
        """Its CORE came back."""
        found = connected(begin)
        back = inspected(received(begun(found.core)))
        return take(found, lambda: inspecting.accept(back=back, by=person(role)))


@drives(SUBSCRIPTION, State.CANCEL_SCHEDULED, State.ENDED, TASK)
def is_over(_role: str) -> Taken:
    """Its year is over."""
    found = connected(State.CANCEL_SCHEDULED)
    return take(found, a_year_later)


def a_year_later() -> None:
    """Let the nightly work be done a year from now."""
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        subscriptions.end_due()


@drives(SUBSCRIPTION, State.ACTIVE, State.ENDED, TASK)
def went_elsewhere(_role: str) -> Taken:
    """Its CORE came back without a return, and went to somebody else."""
    found = connected()
    clerk, core = person(CLERK), found.core
    other = paid(placed(drafted_like(found.line))).order
    returning.begin_return(core=core, by=clerk)
    returning.wipe(core=core, by=clerk, certificate=CERTIFICATE)
    returning.restock(core=core, by=clerk)
    ShipmentItem.objects.filter(core=core).update(back_at=timezone.now())
    return take(found, lambda: core_of(other, used=core))


@drives(CORE, CoreState.ACTIVE, CoreState.SUSPENDED, OWNER)
def stops(_role: str) -> Taken:
    """Its owner cancels at once."""
    core = connected().core
    return take(core, lambda: subscriptions.cancel_now(core=core, by=owner_of(core)))


@drives(CORE, CoreState.ACTIVE, CoreState.SUSPENDED, TASK)
def stops_with_year(_role: str) -> Taken:
    """The year that was canceled is over."""
    core = connected(State.CANCEL_SCHEDULED).core
    return take(core, a_year_later)
