"""What the worker does for the ledger."""

from celery import shared_task

from audit.ledger import services
from audit.ledger.checks import runs, watch


@shared_task(name="audit.tell_alarms")
def tell_alarms() -> int:
    """Look for lags of the ledger, write the entries of its alarms, and have staff told."""
    watch.check_lags()
    return services.tell_alarms()


@shared_task(name="audit.check_ledger")
def check_ledger() -> int:
    """Check what is new in the ledger; what is wrong becomes an alarm."""
    return watch.check_ledger()


@shared_task(name="audit.check_whole_ledger")
def check_whole_ledger() -> int:
    """Check the whole ledger once a night, some minutes at a time; what is wrong becomes an alarm."""
    return runs.check_whole()
