from uuid import UUID

from celery import shared_task

from shop.payments.gateway.answers import GatewayFault
from shop.payments.services import gateway_news, payouts, refunds


@shared_task(name=payouts.SENDER)
def send_refunds() -> int:
    return payouts.send_due()


@shared_task(name=refunds.SEND_REFUND)
def send_refund(pk: str) -> bool:
    """Send one refund. True if the gateway answered."""
    try:
        payouts.send(pk=UUID(pk))
    except GatewayFault:
        return False
    return True


@shared_task(name=gateway_news.WORKER)
def work_on_notice(pk: str) -> bool:
    return gateway_news.work(pk=pk)


@shared_task(name=gateway_news.SWEEPER)
def sweep_notices() -> int:
    return gateway_news.sweep()
