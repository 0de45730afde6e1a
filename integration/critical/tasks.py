from celery import shared_task

from integration.critical import services


@shared_task(name=services.DECLARATION_ENDER)
def end_declarations() -> int:
    return services.end_due_declarations()


@shared_task(name=services.GLASS_FLAGGER)
def flag_broken_glass() -> int:
    return services.flag_overdue_glass()
