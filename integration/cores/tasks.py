"""What the worker does for COREs."""

from celery import shared_task

from integration.cores.services import health


@shared_task(name=health.WATCHER)
def watch_cores() -> int:
    """Tell the owners of COREs that are offline."""
    return health.watch()
