"""Streams of cameras while somebody sees them: one for all viewers. Parts of the acts in `views`."""

import base64
from contextlib import suppress
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from integration.cores.models import DeviceCamera
from integration.cores.services.tokens import digest_of
from integration.live.models import LiveStream, ViewGrant
from integration.live.states import GrantState
from integration.live.video import store, wakes
from integration.live.video.connection import LiveUnavailable
from integration.live.video.store import LiveFull

PREFIX = "live_"
SALT = "integration.live.stream"


def open_for(camera: DeviceCamera) -> LiveStream:
    """Return the open stream of a camera whose registration is locked, or a new one. Wakes its CORE."""
    wakes.wake(camera.core_id)
    stream = LiveStream.objects.select_for_update(no_key=True).filter(camera=camera, ended_at__isnull=True).first()
    if stream is not None:
        return stream
    pk = uuid4()
    return LiveStream.objects.create(pk=pk, camera=camera, digest=digest_of(token_of(pk)))


def close_unseen(stream: LiveStream | None) -> bool:
    """Close a stream with its last view, inside the transaction that ended it. True if that was the last."""
    if stream is None:
        return False
    locked = _of_core().get(pk=stream.pk)
    wakes.wake(locked.camera.core_id)
    if locked.ended_at is not None or ViewGrant.objects.filter(stream=locked, state=GrantState.RUNNING).exists():
        return False
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    transaction.on_commit(lambda: _forget(locked.pk))
    return True


def want_hls(stream: UUID) -> None:
    """Note that a page asks for pieces of a stream, so that its CORE sends them. Raises LiveUnavailable."""
    with suppress(LiveFull):
        if store.want_hls(stream):
            for core in LiveStream.objects.filter(pk=stream).values_list("camera__core", flat=True):
                wakes.wake(core)


def wants_hls(stream: UUID) -> bool:
    """True if a page asks for pieces of a stream; False while the live Valkey is away."""
    try:
        return store.wants_hls(stream)
    except LiveUnavailable:
        return False


def token_of(stream: UUID) -> str:
    """Return the token of a stream: derived from the portal's secret, so it can be given again and is not stored."""
    made = salted_hmac(SALT, str(stream), algorithm="sha256").digest()
    return PREFIX + base64.urlsafe_b64encode(made).decode().rstrip("=")


def _of_core() -> QuerySet[LiveStream]:
    return LiveStream.objects.select_for_update(of=("self",), no_key=True).select_related("camera")


def _forget(stream: UUID) -> None:
    """Delete the video of a closed stream. If the server is away, it expires within half a minute."""
    with suppress(LiveUnavailable):
        store.close(stream)
