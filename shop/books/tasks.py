from uuid import UUID

from celery import shared_task

from shop.books.services import books, comparisons, reminders


@shared_task(name=comparisons.WORKER)
def compare_books(pk: str) -> int:
    return comparisons.run_one(pk=UUID(pk)).differences


@shared_task(name=comparisons.SWEEPER)
def take_up_comparisons() -> int:
    return comparisons.take_up()


@shared_task(name=comparisons.NIGHTLY)
def compare_books_nightly() -> int:
    return comparisons.nightly()


@shared_task(name=books.WORKER)
def check_books(pk: str) -> bool:
    """Return True if the payment service answered."""
    return not books.run(pk=UUID(pk)).failure


@shared_task(name=books.SWEEPER)
def take_up_book_checks() -> int:
    return books.take_up()


@shared_task(name=reminders.REMINDER)
def remind_of_dues() -> int:
    return reminders.remind_due()
