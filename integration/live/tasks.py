"""What the worker does for live view."""

from celery import shared_task

from integration.live.services import view_notices, views


@shared_task(name=view_notices.TELLER)
def tell_views() -> int:
    """Tell owners of views that have ended."""
    return view_notices.tell()


@shared_task(name=views.SWEEPER)
def sweep_views() -> int:
    """End views whose page is gone, whose time is up, or which the gate refuses."""
    return views.sweep()
