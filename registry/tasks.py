"""What the worker does for the registry."""

from celery import shared_task

from registry.services import incidents, requests


@shared_task(name=incidents.CLOSER)
def close_unverified() -> int:
    """Close the incidents that nobody verified in time."""
    return incidents.close_unverified()


@shared_task(name=requests.EXPIRER)
def expire_requests() -> int:
    """End the footage requests whose time is over."""
    return requests.expire_due()
