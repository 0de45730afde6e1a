from celery import shared_task

from fusus_portal.oversight.review.services import reviews


@shared_task(name=reviews.KEEPER)
def keep_up() -> int:
    """Raise alarms, draw seeds and draw samples, in this order: a draw that fails must not silence an alarm."""
    return reviews.raise_overdue_weeks() + reviews.seed_weeks() + reviews.draw_weeks()
