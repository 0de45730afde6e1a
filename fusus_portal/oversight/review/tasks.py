"""What the worker does for the weekly review."""

from celery import shared_task

from fusus_portal.oversight.review.services import weeks


@shared_task(name=weeks.KEEPER)
def keep_up() -> int:
    """Draw seeds ahead and samples behind, and raise the alarm where nobody signed; return how much was done."""
    return weeks.seed() + weeks.draw() + weeks.raise_overdue()
