"""What the worker does for footage."""

from uuid import UUID

from celery import shared_task

from registry.footage.services import custody, deletion, previews, uploads


@shared_task(name=custody.RECEIVE)
def receive_footage(upload: str) -> bool:
    """Make a whole file evidence; return whether it is."""
    return custody.receive(upload=UUID(upload)) is not None


@shared_task(name=previews.MAKER)
def make_preview(upload: str) -> bool:
    """Make what the owner of a file looks at before giving it; return whether this call did."""
    return previews.make(upload=UUID(upload))


@shared_task(name=uploads.SWEEPER)
def sweep_uploads() -> int:
    """Take up files that were left half done, and remove those that nobody finishes."""
    return uploads.sweep()


@shared_task(name=deletion.DELETER)
def delete_footage() -> int:
    """Announce deletions that come near, and delete the footage whose time has passed; return how many files."""
    deletion.announce_due()
    deletion.begin_due()
    return sum(deletion.finish(evidence=pk) for pk in deletion.begun())
