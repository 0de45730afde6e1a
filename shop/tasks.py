"""What the worker does for the shop."""

from uuid import UUID

from celery import shared_task

from shop.gateway.answers import Unknown
from shop.services import offering, orders, refunding


@shared_task(name=orders.EXPIRER)
def expire_orders() -> int:
    """Let orders expire that were not paid in time."""
    return orders.expire_due()


@shared_task(name=refunding.SENDER)
def send_refunds() -> int:
    """Send the refunds that wait, and look for those whose outcome is unknown."""
    return refunding.send_due()


@shared_task(name=offering.SEND_REFUND)
def send_refund(pk: str) -> bool:
    """Send one refund; return whether the gateway said what became of it."""
    try:
        refunding.send(pk=UUID(pk))
    except Unknown:
        return False
    return True
