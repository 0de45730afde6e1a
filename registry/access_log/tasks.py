from celery import shared_task

from registry.access_log import services

tell_looks = shared_task(name=services.LOOKS_TELLER)(services.tell_looks)
tell_months = shared_task(name=services.MONTHS_TELLER)(services.tell_months)
