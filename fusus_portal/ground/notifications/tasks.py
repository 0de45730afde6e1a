"""What the worker does for the outbox."""

from uuid import UUID

from celery import shared_task

from fusus_portal.ground.notifications.publishing import DELIVER, SWEEP
from fusus_portal.ground.notifications.services import delivery, offers


@shared_task(name=DELIVER)
def deliver(pk: str) -> bool:
    """Deliver one message; return whether it went out now."""
    return delivery.deliver(pk=UUID(pk))


@shared_task(name=SWEEP)
def sweep() -> int:
    """Tell the workers of what is due. Beat calls this every 5 seconds, and an act that wrote to many."""
    return offers.sweep()
