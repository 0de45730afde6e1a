"""The video of a camera while somebody sees it: one stream, however many look. Parts of the acts in `views`."""

import hashlib
import secrets

from django.utils import timezone

from integration.models import DeviceCamera, LiveStream, ViewGrant
from integration.states import GrantState

PREFIX = "live_"


def open_for(camera: DeviceCamera) -> LiveStream:
    """Return the stream of a camera whose registration is locked; opened when nobody sees it yet."""
    stream = LiveStream.objects.select_for_update(no_key=True).filter(camera=camera, ended_at__isnull=True).first()
    return stream or LiveStream.objects.create(camera=camera, digest=hashlib.sha256(fresh_token().encode()).digest())


def close_unseen(stream: LiveStream | None) -> bool:
    """Close a stream with its last view, inside the transaction that ended it; tell whether that was the last."""
    if stream is None:
        return False
    locked = LiveStream.objects.select_for_update(no_key=True).get(pk=stream.pk)
    if locked.ended_at is not None or ViewGrant.objects.filter(stream=locked, state=GrantState.RUNNING).exists():
        return False
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    return True


def fresh_token() -> str:
    """Return what a CORE would send a stream with."""
    return PREFIX + secrets.token_urlsafe(32)
