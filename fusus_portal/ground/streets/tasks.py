from celery import shared_task

from fusus_portal.ground.streets.services import loads, uploads


@shared_task(name=uploads.READER)
def read_streets(pk: str) -> bool:
    return uploads.read(pk=int(pk))


@shared_task(name="streets.take_up")
def take_up_streets() -> int:
    return uploads.take_up()


@shared_task(name=uploads.CLEANER)
def clear_streets() -> dict[str, int]:
    return {"discarded": uploads.discard_old(), "rows": loads.clear()}
