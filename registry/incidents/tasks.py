"""What the worker does for incidents."""

from celery import shared_task

from registry.incidents.services import incidents


@shared_task(name=incidents.CLOSER)
def close_unverified() -> int:
    """Close the incidents that nobody verified in time."""
    return incidents.close_unverified()
