"""What the worker does for the log."""

from celery import shared_task

from audit.log import expiry, services, sightings


@shared_task(name="audit.settle_tallies")
def settle_tallies() -> int:
    """Write the entries of refused acts that were counted in past minutes."""
    return services.settle_tallies()


@shared_task(name="audit.settle_sightings")
def settle_sightings() -> int:
    """Write the entries of what was seen again and again in past hours."""
    return sightings.settle_hours()


@shared_task(name="audit.expire")
def expire() -> int:
    """Delete the texts of the log at the end of their time."""
    return expiry.expire()
