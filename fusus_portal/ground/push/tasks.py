from uuid import UUID

from celery import shared_task

from fusus_portal.ground.push.services import sending

LONGEST_SECONDS = 60


@shared_task(name=sending.SEND, time_limit=LONGEST_SECONDS)
def send(account: str) -> int:
    return sending.send(account=UUID(account))
