"""What the worker does for the log."""

from celery import shared_task

from audit.log import expiry, services


@shared_task(name="audit.settle_tallies")
def settle_tallies() -> int:
    """Write the entries of refused acts that were counted in past minutes."""
    return services.settle_tallies()


@shared_task(name="audit.expire")
def expire() -> int:
    """Delete the texts of the log at the end of their time."""
    return expiry.expire()
