"""What the worker does for the access log."""

from celery import shared_task

from registry.access_log.services import months, notices


@shared_task(name=notices.TELLER)
def tell_looks() -> int:
    """Write the mails to owners about who looked that are due."""
    return notices.tell()


@shared_task(name=months.TELLER)
def tell_months() -> int:
    """Write the summaries of the month that ended."""
    return months.tell()
