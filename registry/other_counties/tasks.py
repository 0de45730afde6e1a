from celery import shared_task

from registry.other_counties import services

close_leads = shared_task(name=services.CLOSER)(services.close_due_leads)
report_leads = shared_task(name=services.REPORTER)(services.report_leads)
