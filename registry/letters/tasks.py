from celery import shared_task

from registry.letters.services import batches


@shared_task(name=batches.MAKER)
def make_letters() -> bool:
    """Delete old files, and put the letters that wait into a batch; True if there is one."""
    batches.sweep()
    return batches.make() is not None
