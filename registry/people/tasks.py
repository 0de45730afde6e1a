from celery import shared_task

from registry.people.services import drafts


@shared_task(name=drafts.REMINDER)
def remind_drafts() -> int:
    return drafts.remind_due()


@shared_task(name=drafts.EXPIRER)
def expire_drafts() -> int:
    return drafts.expire_due()
