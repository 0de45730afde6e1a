"""What the worker does for pictures of cameras."""

from celery import shared_task

from registry.places.services import snapshots


@shared_task(name=snapshots.SWEEPER)
def sweep_snapshots() -> int:
    """Delete pictures on disk that no camera has."""
    return snapshots.sweep()
