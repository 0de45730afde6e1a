from celery import shared_task

from integration.sharing import services


@shared_task(name=services.ENDER)
def end_agreements() -> int:
    return services.end_due_agreements()


@shared_task(name=services.FORGETTER)
def forget_agreements() -> int:
    return services.forget_due_agreements()


@shared_task(name=services.REMINDER)
def remind_agreements() -> int:
    return services.remind_of_agreements()
