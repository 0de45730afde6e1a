from celery import shared_task

from registry.coverage import selectors


@shared_task(name=selectors.COUNTER)
def count_coverage() -> int:
    return len(selectors.count().areas)
