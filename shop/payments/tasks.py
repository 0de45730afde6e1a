from uuid import UUID

from celery import shared_task

from shop.payments.gateway.answers import GatewayFault
from shop.payments.services import notices, refunds


@shared_task(name=refunds.SENDER)
def send_refunds() -> int:
    return refunds.send_due()


@shared_task(name=refunds.SEND_REFUND)
def send_refund(pk: str) -> bool:
    """Send one refund. True if the gateway answered."""
    try:
        refunds.send(pk=UUID(pk))
    except GatewayFault:
        return False
    return True


@shared_task(name=notices.WORKER)
def work_on_notice(pk: str) -> bool:
    return notices.work(pk=pk)


@shared_task(name=notices.SWEEPER)
def sweep_notices() -> int:
    return notices.sweep()
