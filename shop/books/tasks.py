"""What the worker does for the books."""

from uuid import UUID

from celery import shared_task

from shop.books.services import books, comparisons, reminders


@shared_task(name=comparisons.WORKER)
def compare_books(pk: str) -> int:
    """Compare the books with the payment service, as somebody asked."""
    return comparisons.run_one(pk=UUID(pk)).differences


@shared_task(name=comparisons.SWEEPER)
def take_up_comparisons() -> int:
    """Make the comparisons that somebody asked for and no worker made."""
    return comparisons.take_up()


@shared_task(name=comparisons.NIGHTLY)
def compare_books_nightly() -> int:
    """Compare the books with the payment service."""
    return comparisons.nightly()


@shared_task(name=books.WORKER)
def check_books(pk: str) -> bool:
    """Hold a period of the books against the payment service; return whether it said something."""
    return not books.run(pk=UUID(pk)).failure


@shared_task(name=books.SWEEPER)
def take_up_book_checks() -> int:
    """Make the checks that somebody asked for and no worker made."""
    return books.take_up()


@shared_task(name=reminders.REMINDER)
def remind_of_dues() -> int:
    """Remind of invoices on account and of old COREs that are due, each once for each of its days."""
    return reminders.remind_due()
