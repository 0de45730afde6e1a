from uuid import UUID

from celery import shared_task

from fusus_portal.ground.push import services

LONGEST_SECONDS = 60


@shared_task(name=services.SEND, time_limit=LONGEST_SECONDS)
def send(account: str) -> int:
    return services.send_notices(account=UUID(account))
