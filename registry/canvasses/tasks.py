from celery import shared_task

from registry.canvasses.services import canvasses, reminders, requests


@shared_task(name=requests.EXPIRER)
def expire_requests() -> int:
    return requests.expire_due()


@shared_task(name=canvasses.EXPIRER)
def expire_canvasses() -> int:
    return canvasses.expire_due()


@shared_task(name=reminders.REMINDER)
def remind() -> int:
    return reminders.remind_due()
