"""What the worker does for the agency's texts."""

from celery import shared_task

from fusus_portal.ground.agency.services import announcements


@shared_task(name=announcements.TELLER)
def announce_words() -> int:
    """Announce the versions that came with the portal."""
    return announcements.announce_due()
