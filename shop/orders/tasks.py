from celery import shared_task

from shop.orders.services import orders


@shared_task(name=orders.EXPIRER)
def expire_orders() -> int:
    return orders.expire_due()
