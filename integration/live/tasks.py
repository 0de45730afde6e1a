from celery import shared_task

from integration.live.services import view_notices, views


@shared_task(name=view_notices.TELLER)
def tell_views() -> int:
    return view_notices.notify_owners()


@shared_task(name=views.SWEEPER)
def sweep_views() -> int:
    return views.sweep()
