from celery import shared_task

from shop.connections.services import announcements, charges, lapses, subscriptions, years


@shared_task(name=years.RENEWER)
def renew_connections() -> list[int]:
    return [announcements.announce_due(), announcements.remind_due(), charges.charge_due(), lapses.lapse_due()]


@shared_task(name=subscriptions.ENDER)
def end_subscriptions() -> int:
    return subscriptions.end_due()
