from celery import shared_task

from registry.incidents.services import closings, incidents


@shared_task(name=incidents.CLOSER)
def close_unverified() -> int:
    return incidents.close_unverified()


@shared_task(name=closings.SETTLER)
def settle_closings() -> int:
    return closings.settle_due()
