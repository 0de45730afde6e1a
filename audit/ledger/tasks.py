from celery import shared_task

from audit.ledger import services
from audit.ledger.checks import runs, watch


@shared_task(name="audit.tell_alarms")
def tell_alarms() -> int:
    watch.check_lags()
    return services.tell_alarms()


@shared_task(name="audit.check_ledger")
def check_ledger() -> int:
    return watch.check_ledger()


@shared_task(name="audit.check_whole_ledger")
def check_whole_ledger() -> int:
    return runs.check_whole()
