from celery import shared_task

from fusus_portal.ground.agency import services


@shared_task(name=services.TELLER)
def announce_words() -> int:
    return services.announce_due_versions()
