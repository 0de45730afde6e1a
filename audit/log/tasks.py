"""What the worker does for the ledger."""

from uuid import UUID

from celery import shared_task

from audit import expiry, services
from audit.console import printing, prints
from audit.ledger import telling, watching


@shared_task(name="audit.settle_tallies")
def settle_tallies() -> int:
    """Write the entries of visitors' refused acts of the minutes that are over."""
    return services.settle_tallies()


@shared_task(name=prints.MAKER)
def make_print(pk: str) -> bool:
    """Put a search of the log on paper; return whether this call did."""
    return printing.make(pk=UUID(pk))


@shared_task(name=prints.SWEEPER)
def sweep_prints() -> int:
    """Offer prints again that no worker heard of, and delete those whose day is over."""
    return prints.sweep()


@shared_task(name="audit.expire")
def expire() -> int:
    """Delete the texts of the log whose time is over."""
    return expiry.expire()


@shared_task(name="audit.tell_alarms")
def tell_alarms() -> int:
    """Look for lags of the ledger, write the entries of its alarms, and have staff told."""
    watching.check_lags()
    return telling.tell_alarms()


@shared_task(name="audit.check_ledger")
def check_ledger() -> int:
    """Check the whole ledger; what is wrong becomes an alarm."""
    return watching.check_ledger()
