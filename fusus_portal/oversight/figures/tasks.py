from celery import shared_task

from fusus_portal.oversight.figures import services


@shared_task(name=services.COUNTER)
def count_figures() -> int:
    return services.count_finished_days()


@shared_task(name=services.CHECKER)
def check_figures() -> int:
    return len(services.recount_day())
