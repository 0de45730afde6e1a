"""What the worker does for watch-hours."""

from celery import shared_task

from integration.watch_hours import services


@shared_task(name=services.FLAGGER)
def flag_watching() -> int:
    """Flag cameras and areas that are viewed live far longer than is usual."""
    return services.flag()


@shared_task(name=services.CHECKER)
def check_watch_hours() -> int:
    """Compare the watch-hours with the log."""
    return services.check()
