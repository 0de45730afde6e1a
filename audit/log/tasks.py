from celery import shared_task

from audit.log import services, sightings


@shared_task(name="audit.settle_tallies")
def settle_tallies() -> int:
    return services.settle_tallies()


@shared_task(name="audit.settle_sightings")
def settle_sightings() -> int:
    return sightings.settle_hours()


@shared_task(name="audit.expire")
def expire() -> int:
    return services.expire_texts()
