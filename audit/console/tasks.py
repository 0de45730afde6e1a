from uuid import UUID

from celery import shared_task

from audit.console.services import mailed_searches, printer, prints


@shared_task(name=prints.MAKER)
def make_print(pk: str) -> bool:
    return printer.make(pk=UUID(pk))


@shared_task(name=prints.SWEEPER)
def sweep_prints() -> int:
    return prints.sweep()


@shared_task(name=mailed_searches.MAILER)
def mail_searches() -> int:
    return mailed_searches.mail_due()
