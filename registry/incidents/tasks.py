from celery import shared_task

from registry.incidents.services import incidents


@shared_task(name=incidents.CLOSER)
def close_unverified() -> int:
    return incidents.close_unverified()


@shared_task(name=incidents.SETTLER)
def settle_closings() -> int:
    return incidents.settle_closings()
