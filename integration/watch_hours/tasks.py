from celery import shared_task

from integration.watch_hours import services

flag_watching = shared_task(name=services.FLAGGER)(services.flag)
check_watch_hours = shared_task(name=services.CHECKER)(services.check)
