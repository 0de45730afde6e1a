"""What the worker does for the shop."""

from uuid import UUID

from celery import shared_task

from shop.services import notices, reconciling


@shared_task(name=notices.WORKER)
def work_on_notice(pk: str) -> bool:
    """Follow up what the payment service told."""
    return notices.work(pk=pk)


@shared_task(name=notices.SWEEPER)
def sweep_notices() -> int:
    """Follow up what was told and is not done yet."""
    return notices.sweep()


@shared_task(name=reconciling.WORKER)
def compare_books(pk: str) -> int:
    """Compare the books with the payment service, as somebody asked."""
    return reconciling.run_one(pk=UUID(pk)).differences


@shared_task(name=reconciling.NIGHTLY)
def compare_books_nightly() -> int:
    """Compare the books with the payment service."""
    return reconciling.nightly()
