from celery import shared_task

from fusus_portal.ground.agency.services import announcements


@shared_task(name=announcements.TELLER)
def announce_words() -> int:
    return announcements.announce_due()
