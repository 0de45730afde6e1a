from celery import shared_task

from fusus_portal.oversight.figures.services import checks, counts


@shared_task(name=counts.COUNTER)
def count_figures() -> int:
    return counts.count_finished()


@shared_task(name=checks.CHECKER)
def check_figures() -> int:
    return len(checks.check())
