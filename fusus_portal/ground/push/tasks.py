"""What the worker does about notices."""

from uuid import UUID

from celery import shared_task

from fusus_portal.ground.push.services import sending

LONGEST_SECONDS = 60


@shared_task(name=sending.SEND, time_limit=LONGEST_SECONDS)
def send(account: str) -> int:
    """Send a notice to each device of an account; return how many were taken."""
    return sending.send(account=UUID(account))
