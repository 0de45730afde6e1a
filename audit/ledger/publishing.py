"""What the public sees of the tree: one checkpoint an hour, whatever is done and seen in between.

A live checkpoint would tell the street that somebody is looking. So what is public is the tree as it stood at the last
full hour; a sealer that was away catches up with that, and with nothing newer.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings

from audit.models import Checkpoint, Publication


def hour_of(at: datetime) -> datetime:
    """Return the last full hour (or other length of time that is set) before a moment."""
    length = settings.LEDGER_PUBLISH_SECONDS
    return datetime.fromtimestamp(int(at.timestamp()) // length * length, UTC)


def public_from(at: datetime) -> datetime:
    """Return when what is sealed at a moment becomes public."""
    return hour_of(at) + timedelta(seconds=settings.LEDGER_PUBLISH_SECONDS)


def publish(*, hour: datetime) -> Publication | None:
    """Publish the tree as it stood at this hour; return it, or None when that is public already."""
    checkpoint = Checkpoint.objects.filter(at__lt=hour).order_by("-size").first()
    newest = published()
    if checkpoint is None or (newest is not None and checkpoint.size <= newest.size):
        return None
    return Publication.objects.create(size=checkpoint.size, note=checkpoint.note)


def published() -> Publication | None:
    """Return what is public now."""
    return Publication.objects.order_by("-size").first()
