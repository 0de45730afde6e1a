from celery import shared_task

from registry.people.services import registrants


@shared_task(name=registrants.DRAFT_REMINDER)
def remind_drafts() -> int:
    return registrants.remind_due_drafts()


@shared_task(name=registrants.DRAFT_EXPIRER)
def expire_drafts() -> int:
    return registrants.expire_due_drafts()
