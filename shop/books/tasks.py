"""What the worker does for the shop."""

from uuid import UUID

from celery import shared_task

from shop.gateway.answers import GatewayFault
from shop.services import (
    announcing,
    books,
    dunning,
    lapsing,
    notices,
    offering,
    orders,
    reconciling,
    refunding,
    subscriptions,
    year_charges,
)


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
    except GatewayFault:
        return False
    return True


@shared_task(name=notices.WORKER)
def work_on_notice(pk: str) -> bool:
    """Follow up what the payment service told."""
    return notices.work(pk=pk)


@shared_task(name=notices.SWEEPER)
def sweep_notices() -> int:
    """Follow up what was told and is not done yet."""
    return notices.sweep()


@shared_task(name=reconciling.WORKER)
def compare_books(pk: str) -> int:
    """Compare the books with the payment service, as somebody asked."""
    return reconciling.run_one(pk=UUID(pk)).differences


@shared_task(name=reconciling.SWEEPER)
def take_up_comparisons() -> int:
    """Compare where somebody asked for it and no worker heard."""
    return reconciling.take_up()


@shared_task(name=reconciling.NIGHTLY)
def compare_books_nightly() -> int:
    """Compare the books with the payment service."""
    return reconciling.nightly()


@shared_task(name=announcing.RENEWER)
def renew_connections() -> list[int]:
    """Announce years, tell of them once more, charge them, and stop COREs whose year nobody paid."""
    return [announcing.announce_due(), announcing.remind_due(), year_charges.charge_due(), lapsing.lapse_due()]


@shared_task(name=books.WORKER)
def check_books(pk: str) -> bool:
    """Hold a period of the books against the payment service; return whether it said something."""
    return not books.run(pk=UUID(pk)).failure


@shared_task(name=books.SWEEPER)
def take_up_book_checks() -> int:
    """Do so where somebody asked for it and no worker heard."""
    return books.take_up()


@shared_task(name=dunning.REMINDER)
def remind_of_dues() -> int:
    """Remind of invoices on account and of old COREs that are due, each once for each of its days."""
    return dunning.remind_due()


@shared_task(name=subscriptions.ENDER)
def end_subscriptions() -> int:
    """End the connections whose last day has come."""
    return subscriptions.end_due()
