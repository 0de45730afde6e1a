"""What the worker does for critical incidents."""

from celery import shared_task

from integration.critical.services import break_glass, declarations


@shared_task(name=declarations.ENDER)
def end_declarations() -> int:
    """End declarations whose time is up, and drop what nobody confirmed."""
    return declarations.end_due()


@shared_task(name=break_glass.WATCHER)
def flag_broken_glass() -> int:
    """Flag broken glass that nobody justified within its week."""
    return break_glass.flag_overdue()
