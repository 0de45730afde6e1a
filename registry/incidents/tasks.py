from celery import shared_task

from registry.incidents.services import incidents

close_unverified = shared_task(name=incidents.CLOSER)(incidents.close_unverified)
settle_closings = shared_task(name=incidents.SETTLER)(incidents.settle_closings)
