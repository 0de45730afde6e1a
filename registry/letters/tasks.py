from celery import shared_task

from registry.letters import services


@shared_task(name=services.MAKER)
def make_letters() -> bool:
    """Delete old files of letters, and put the letters that wait into a batch; True if there is one."""
    services.sweep_batches()
    return services.make_batch() is not None
