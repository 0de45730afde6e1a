"""What the worker does for coverage."""

from celery import shared_task

from registry.coverage import selectors


@shared_task(name=selectors.COUNTER)
def count_coverage() -> int:
    """Count what the page of coverage says; return how many areas it names."""
    return len(selectors.count().areas)
