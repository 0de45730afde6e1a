"""What the worker does for the outbox."""

from uuid import UUID

from celery import shared_task

from fusus_portal.ground.notifications.publishing import DELIVER, SPREAD, broker
from fusus_portal.ground.notifications.services import delivery


@shared_task(name=DELIVER)
def deliver(pk: str) -> bool:
    """Deliver one message; return whether it went out now."""
    return delivery.deliver(pk=UUID(pk))


@shared_task(name=SPREAD)
def spread(pks: list[str]) -> int:
    """Offer each of many messages to all workers; return how many were taken."""
    return sum(broker.offer(pk) for pk in pks)


@shared_task(name="notifications.sweep")
def sweep() -> int:
    """Offer again what waits too long. Beat calls this every 15 seconds."""
    return delivery.sweep()
