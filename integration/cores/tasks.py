from celery import shared_task

from integration.cores.services import health

watch_cores = shared_task(name=health.WATCHER)(health.watch)
