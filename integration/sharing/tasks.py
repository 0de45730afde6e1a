"""What the worker does for integration."""

from celery import shared_task

from integration.services import after_views, agreements, break_glass, declarations, health, views, watch_hours


@shared_task(name=health.WATCHER)
def watch_cores() -> int:
    """Tell the owners of COREs that are offline."""
    return health.watch()


@shared_task(name=agreements.ENDER)
def end_agreements() -> int:
    """End the sharing agreements whose last day is over."""
    return agreements.end_due()


@shared_task(name=agreements.FORGETTER)
def forget_agreements() -> int:
    """Delete agreements of businesses that have left, once their time is over."""
    return agreements.forget_due()


@shared_task(name=agreements.REMINDER)
def remind_agreements() -> int:
    """Tell businesses once whose agreement ends soon."""
    return agreements.remind_due()


@shared_task(name=after_views.TELLER)
def tell_views() -> int:
    """Tell owners of views that have ended."""
    return after_views.tell()


@shared_task(name=watch_hours.FLAGGER)
def flag_watching() -> int:
    """Flag cameras and areas that are viewed live far longer than is usual."""
    return watch_hours.flag()


@shared_task(name=watch_hours.CHECKER)
def check_watch_hours() -> int:
    """Hold the watch-hours against the log."""
    return watch_hours.check()


@shared_task(name=declarations.ENDER)
def end_declarations() -> int:
    """End declarations whose time is over, and drop what nobody confirmed."""
    return declarations.end_due()


@shared_task(name=break_glass.WATCHER)
def flag_broken_glass() -> int:
    """Flag broken glass that nobody justified within its week."""
    return break_glass.flag_overdue()


@shared_task(name=views.SWEEPER)
def sweep_views() -> int:
    """End views whose page is gone, whose time is over, or which the gate refuses."""
    return views.sweep()
