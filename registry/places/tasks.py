from celery import shared_task

from registry.places.services import snapshots


@shared_task(name=snapshots.SWEEPER)
def sweep_snapshots() -> int:
    return snapshots.sweep()
