from celery import shared_task

from shop.connections.services import cards, subscriptions, years


@shared_task(name=years.RENEWER)
def renew_connections() -> list[int]:
    return [years.announce_due(), years.remind_due(), cards.charge_due(), years.lapse_due()]


@shared_task(name=subscriptions.ENDER)
def end_subscriptions() -> int:
    return subscriptions.end_due()
