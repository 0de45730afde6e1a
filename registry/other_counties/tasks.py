"""What the worker does for outreach to other counties."""

from celery import shared_task

from registry.other_counties.services import leads


@shared_task(name=leads.CLOSER)
def close_leads() -> int:
    """Close the outreach leads whose 90 days have passed, and delete who they name."""
    return leads.close_due()


@shared_task(name=leads.REPORTER)
def report_leads() -> int:
    """Tell the platform's contact how many leads each county has."""
    return leads.report()
