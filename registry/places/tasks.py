from celery import shared_task

from registry.places.services import cameras


@shared_task(name=cameras.SNAPSHOT_SWEEPER)
def sweep_snapshots() -> int:
    return cameras.sweep_snapshots()
