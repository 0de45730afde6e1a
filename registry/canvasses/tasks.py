"""What the worker does for canvasses."""

from celery import shared_task

from registry.canvasses.services import canvasses, reminders, requests


@shared_task(name=requests.EXPIRER)
def expire_requests() -> int:
    """End the footage requests whose time to answer has passed."""
    return requests.expire_due()


@shared_task(name=canvasses.EXPIRER)
def expire_canvasses() -> int:
    """End the canvasses whose time to answer has passed."""
    return canvasses.expire_due()


@shared_task(name=reminders.REMINDER)
def remind() -> int:
    """Remind owners of the footage requests that they have not answered."""
    return reminders.remind_due()
