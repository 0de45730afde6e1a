"""Acts about the connection of a CORE."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from audit.log.events import Event
from shop.connections.services import subscriptions
from tests.audit.acts import Act, calls
from tests.integration.cores.devices import owner_of
from tests.shop.returns.returned import bought


@calls(subscriptions.cancel_with_year, Event.SUBSCRIPTION_CANCELLED)
def cancel_with_year() -> Act:
    """An owner cancels with the year."""
    core = bought()
    by = owner_of(core)
    return lambda: subscriptions.cancel_with_year(core=core, by=by)


@calls(subscriptions.keep, Event.SUBSCRIPTION_KEPT)
def keep() -> Act:
    """And keeps it after all."""
    core = bought()
    by = owner_of(core)
    subscriptions.cancel_with_year(core=core, by=by)
    return lambda: subscriptions.keep(core=core, by=by)


@calls(subscriptions.cancel_now, Event.SUBSCRIPTION_ENDED)
def cancel_now() -> Act:
    """An owner cancels at once."""
    core = bought()
    by = owner_of(core)
    return lambda: subscriptions.cancel_now(core=core, by=by)


@calls(subscriptions.end_due, Event.SUBSCRIPTION_ENDED)
def end_due() -> Act:
    """A year is over."""
    core = bought()
    subscriptions.cancel_with_year(core=core, by=owner_of(core))

    def act() -> object:
        with time_machine.travel(timezone.now() + timedelta(days=366)):
            return subscriptions.end_due()

    return act
