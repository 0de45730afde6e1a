"""What the worker does for registrations that nobody finished."""

from celery import shared_task

from registry.people.services import drafts


@shared_task(name=drafts.REMINDER)
def remind_drafts() -> int:
    """Tell people once that a registration they began can be gone on with."""
    return drafts.remind_due()


@shared_task(name=drafts.EXPIRER)
def expire_drafts() -> int:
    """Delete the registrations that nobody goes on with."""
    return drafts.expire_due()
