from celery import shared_task

from integration.live.services import views

tell_views = shared_task(name=views.TELLER)(views.notify_owners)
sweep_views = shared_task(name=views.SWEEPER)(views.sweep)
