from celery import shared_task

from registry.other_counties.services import leads


@shared_task(name=leads.CLOSER)
def close_leads() -> int:
    return leads.close_due()


@shared_task(name=leads.REPORTER)
def report_leads() -> int:
    return leads.report()
