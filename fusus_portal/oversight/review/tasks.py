"""What the worker does for the weekly review."""

from celery import shared_task

from fusus_portal.oversight.review.services import weeks


@shared_task(name=weeks.KEEPER)
def keep_up() -> int:
    """Raise the alarm where nobody signed, draw seeds ahead and samples behind; return how much was done.

    The alarm is first: a sample that can't be drawn must not keep it silent.
    """
    return weeks.raise_overdue() + weeks.seed() + weeks.draw()
