from celery import shared_task

from registry.other_counties import services


@shared_task(name=services.CLOSER)
def close_leads() -> int:
    return services.close_due_leads()


@shared_task(name=services.REPORTER)
def report_leads() -> int:
    return services.report_leads()
