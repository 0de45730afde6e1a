from celery import shared_task

from registry.canvasses.services import canvasses, requests


@shared_task(name=requests.EXPIRER)
def expire_requests() -> int:
    return requests.expire_due()


@shared_task(name=canvasses.EXPIRER)
def expire_canvasses() -> int:
    return canvasses.expire_due()


@shared_task(name=requests.REMINDER)
def remind() -> int:
    return requests.remind_due()
