from celery import shared_task

from integration.live.services import views


@shared_task(name=views.TELLER)
def tell_views() -> int:
    return views.notify_owners()


@shared_task(name=views.SWEEPER)
def sweep_views() -> int:
    return views.sweep()
