from celery import shared_task

from fusus_portal.oversight.review import services


@shared_task(name=services.KEEPER)
def keep_up() -> int:
    """Raise alarms, draw seeds and draw samples, in this order: a draw that fails must not silence an alarm."""
    return services.raise_overdue_weeks() + services.seed_weeks() + services.draw_weeks()
