from celery import shared_task

from fusus_portal.ground.worklist import services


@shared_task(name=services.TELLER)
def tell() -> int:
    return services.tell()


@shared_task(name="worklist.forget")
def forget() -> int:
    return services.forget()
