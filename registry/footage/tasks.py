from uuid import UUID

from celery import shared_task

from registry.footage.services import custody, deletion, previews, uploads


@shared_task(name=custody.RECEIVE)
def receive_footage(upload: str) -> bool:
    return custody.receive(upload=UUID(upload)) is not None


@shared_task(name=previews.MAKER)
def make_preview(upload: str) -> bool:
    return previews.make(upload=UUID(upload))


@shared_task(name=uploads.SWEEPER)
def sweep_uploads() -> int:
    return uploads.sweep()


@shared_task(name=deletion.DELETER)
def delete_footage() -> int:
    deletion.announce_due()
    deletion.begin_due()
    return sum(deletion.finish(evidence=pk) for pk in deletion.begun())
