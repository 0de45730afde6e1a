from uuid import UUID

from celery import shared_task

from fusus_portal.ground.notifications.publishing import DELIVER, SWEEP
from fusus_portal.ground.notifications.services import delivery


@shared_task(name=DELIVER)
def deliver(pk: str) -> bool:
    return delivery.deliver(pk=UUID(pk))


@shared_task(name=SWEEP)
def sweep() -> int:
    return delivery.sweep()
