from celery import shared_task

from registry.access_log import services


@shared_task(name=services.LOOKS_TELLER)
def tell_looks() -> int:
    return services.tell_looks()


@shared_task(name=services.MONTHS_TELLER)
def tell_months() -> int:
    return services.tell_months()
