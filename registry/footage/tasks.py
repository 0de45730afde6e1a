from uuid import UUID

from celery import shared_task

from registry.footage import selectors
from registry.footage.services import custody, retention, uploads


@shared_task(name=custody.RECEIVE)
def receive_footage(upload: str) -> bool:
    return custody.receive(upload=UUID(upload)) is not None


@shared_task(name=uploads.MAKER)
def make_preview(upload: str) -> bool:
    return uploads.make_preview(upload=UUID(upload))


@shared_task(name=uploads.SWEEPER)
def sweep_uploads() -> int:
    return uploads.sweep()


@shared_task(name=retention.DELETER)
def delete_footage() -> int:
    retention.announce_deletions()
    retention.begin_deletions()
    return sum(retention.finish_deletion(evidence=pk) for pk in selectors.deletions_begun())
