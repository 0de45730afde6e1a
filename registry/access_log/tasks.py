"""What the worker does for the access log."""

from celery import shared_task

from registry.access_log.services import notices


@shared_task(name=notices.TELLER)
def tell_looks() -> int:
    """Write the mails to owners about who looked that are due."""
    return notices.tell()
