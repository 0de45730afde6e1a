"""What the worker does for letters."""

from celery import shared_task

from registry.letters.services import batches


@shared_task(name=batches.MAKER)
def make_letters() -> bool:
    """Delete files that are a day old, and put the letters that wait into a batch; return whether there is one."""
    batches.sweep()
    return batches.make() is not None
