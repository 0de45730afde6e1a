from celery import shared_task

from integration.critical.services import break_glass, declarations


@shared_task(name=declarations.ENDER)
def end_declarations() -> int:
    return declarations.end_due()


@shared_task(name=break_glass.WATCHER)
def flag_broken_glass() -> int:
    return break_glass.flag_overdue()
