from celery import shared_task

from integration.cores.services import health


@shared_task(name=health.WATCHER)
def watch_cores() -> int:
    return health.watch()
