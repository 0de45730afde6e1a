from uuid import UUID

from celery import shared_task

from shop.books import services


@shared_task(name=services.COMPARISON_WORKER)
def compare_books(pk: str) -> int:
    return services.run_comparison(pk=UUID(pk)).differences


@shared_task(name=services.COMPARISON_SWEEPER)
def take_up_comparisons() -> int:
    return services.take_up_comparisons()


@shared_task(name=services.NIGHTLY)
def compare_books_nightly() -> int:
    return services.compare_nightly()


@shared_task(name=services.CHECK_WORKER)
def check_books(pk: str) -> bool:
    """Return True if the payment service answered."""
    return not services.run_check(pk=UUID(pk)).failure


@shared_task(name=services.CHECK_SWEEPER)
def take_up_book_checks() -> int:
    return services.take_up_checks()


@shared_task(name=services.REMINDER)
def remind_of_dues() -> int:
    return services.remind_due()
