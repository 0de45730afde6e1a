"""What the worker does for sharing."""

from celery import shared_task

from integration.sharing.services import agreements


@shared_task(name=agreements.ENDER)
def end_agreements() -> int:
    """End the sharing agreements whose last day has passed."""
    return agreements.end_due()


@shared_task(name=agreements.FORGETTER)
def forget_agreements() -> int:
    """Delete agreements of businesses that have left, once they need not be kept."""
    return agreements.forget_due()


@shared_task(name=agreements.REMINDER)
def remind_agreements() -> int:
    """Tell businesses once whose agreement ends soon."""
    return agreements.remind_due()
