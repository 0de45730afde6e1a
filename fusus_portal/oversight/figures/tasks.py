"""What the worker does for the public figures, once a day each."""

from celery import shared_task

from fusus_portal.oversight.figures.services import checks, counts


@shared_task(name=counts.COUNTER)
def count_figures() -> int:
    """Count the days that are finished since the last time."""
    return counts.count_finished()


@shared_task(name=checks.CHECKER)
def check_figures() -> int:
    """Count a random day again, and compare."""
    return len(checks.check())
