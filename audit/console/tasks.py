"""What the worker does for the console: prints, and saved searches by mail."""

from uuid import UUID

from celery import shared_task

from audit.console.services import mailed_searches, printer, prints


@shared_task(name=prints.MAKER)
def make_print(pk: str) -> bool:
    """Put a search of the log on paper; return whether this call did."""
    return printer.make(pk=UUID(pk))


@shared_task(name=prints.SWEEPER)
def sweep_prints() -> int:
    """Offer prints again that no worker heard of, and delete those that are a day old."""
    return prints.sweep()


@shared_task(name=mailed_searches.MAILER)
def mail_searches() -> int:
    """Mail the links of the saved searches that are due; return how many."""
    return mailed_searches.mail_due()
