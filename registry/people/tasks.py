"""What the worker does for registrations that nobody finished."""

from celery import shared_task

from registry.people.services import drafts


@shared_task(name=drafts.REMINDER)
def remind_drafts() -> int:
    """Remind people once that they can continue a registration."""
    return drafts.remind_due()


@shared_task(name=drafts.EXPIRER)
def expire_drafts() -> int:
    """Delete the registrations that nobody continues."""
    return drafts.expire_due()
