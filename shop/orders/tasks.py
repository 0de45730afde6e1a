"""What the worker does for orders."""

from celery import shared_task

from shop.orders.services import orders


@shared_task(name=orders.EXPIRER)
def expire_orders() -> int:
    """Expire orders that were not paid in time."""
    return orders.expire_due()
