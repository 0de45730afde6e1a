from celery import shared_task

from integration.watch_hours import services


@shared_task(name=services.FLAGGER)
def flag_watching() -> int:
    return services.flag()


@shared_task(name=services.CHECKER)
def check_watch_hours() -> int:
    return services.check()
