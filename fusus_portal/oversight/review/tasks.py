from celery import shared_task

from fusus_portal.oversight.review.services import weeks


@shared_task(name=weeks.KEEPER)
def keep_up() -> int:
    """Raise the alarm first: a draw that fails must not silence it."""
    return weeks.raise_overdue() + weeks.seed() + weeks.draw()
