"""What the worker does for integration."""

from celery import shared_task

from integration.services import health


@shared_task(name=health.WATCHER)
def watch_cores() -> int:
    """Tell the owners of COREs that are offline."""
    return health.watch()
