from celery import shared_task

from registry.access_log.services import months, notices


@shared_task(name=notices.TELLER)
def tell_looks() -> int:
    return notices.tell()


@shared_task(name=months.TELLER)
def tell_months() -> int:
    return months.tell()
