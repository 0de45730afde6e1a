from celery import shared_task

from fusus_portal.ground.streets import services


@shared_task(name=services.READER)
def read_streets(pk: str) -> bool:
    return services.read_upload(pk=int(pk))


@shared_task(name="streets.take_up")
def take_up_streets() -> int:
    return services.take_up_uploads()


@shared_task(name=services.CLEANER)
def clear_streets() -> dict[str, int]:
    return {"discarded": services.discard_old_loads(), "rows": services.delete_gone_loads()}
