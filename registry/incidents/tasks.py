"""What the worker does for incidents."""

from celery import shared_task

from registry.incidents.services import closings, incidents


@shared_task(name=incidents.CLOSER)
def close_unverified() -> int:
    """Close the incidents that nobody verified in time."""
    return incidents.close_unverified()


@shared_task(name=closings.SETTLER)
def settle_closings() -> int:
    """Withdraw what was asked for incidents whose closing can't be taken back any more."""
    return closings.settle_due()
