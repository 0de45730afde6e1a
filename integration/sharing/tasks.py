from celery import shared_task

from integration.sharing.services import agreements


@shared_task(name=agreements.ENDER)
def end_agreements() -> int:
    return agreements.end_due()


@shared_task(name=agreements.FORGETTER)
def forget_agreements() -> int:
    return agreements.forget_due()


@shared_task(name=agreements.REMINDER)
def remind_agreements() -> int:
    return agreements.remind_due()
