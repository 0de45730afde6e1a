from celery import shared_task

from registry.people.services import registrants

remind_drafts = shared_task(name=registrants.DRAFT_REMINDER)(registrants.remind_due_drafts)
expire_drafts = shared_task(name=registrants.DRAFT_EXPIRER)(registrants.expire_due_drafts)
