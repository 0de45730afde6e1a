"""What the clock does about what waits."""

from celery import shared_task

from fusus_portal.ground.worklist import services


@shared_task(name=services.TELLER)
def tell() -> int:
    """Tell whoever may act of what waits for them."""
    return services.tell()


@shared_task(name="worklist.forget")
def forget() -> int:
    """Delete old notices."""
    return services.forget()
