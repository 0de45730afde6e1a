"""Video of CORE cameras: one stream for all viewers. Its CORE sends it in order, with a token for this stream alone."""

import hmac
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fusus_portal.ground.lifecycle import Refused, Stale
from integration.cores.models import DeviceCamera
from integration.cores.signatures import token_digest
from integration.cores.states import CoreState
from integration.live import passes
from integration.live.models import LiveStream, ViewGrant
from integration.live.states import GrantState
from integration.live.video import connection, hls as video, relays, store


def open_for(cameras: Iterable[DeviceCamera]) -> dict[UUID, LiveStream]:
    """Return the open stream of each camera, by its id, or a new stream. The cameras are locked. Wakes their COREs."""
    wanted = list(cameras)
    for core in {each.core_id for each in wanted}:
        relays.wake(core)
    found = {stream.camera_id: stream for stream in _held(camera__in=wanted, ended_at__isnull=True)}
    made = [LiveStream(camera=each) for each in wanted if each.pk not in found]
    for stream in made:
        stream.digest = token_digest(passes.stream_token(stream.pk))
    return found | {stream.camera_id: stream for stream in LiveStream.objects.bulk_create(made)}


def hold(streams: Iterable[UUID | None]) -> None:
    """Lock streams before the entries of their views: acts that begin views take them in this order, too."""
    _held(pk__in=[each for each in streams if each])


def _held(**which: Any) -> list[LiveStream]:
    rows = LiveStream.objects.select_for_update(of=("self",), no_key=True).filter(**which)
    return list(rows.order_by("camera__camera", "pk"))


def close_unseen(stream: LiveStream | None) -> bool:
    """Close a stream once its last view ended, inside the transaction that ended it. True if this closed the stream."""
    if stream is None:
        return False
    rows = LiveStream.objects.select_for_update(of=("self",), no_key=True).select_related("camera")
    locked = rows.get(pk=stream.pk)
    relays.wake(locked.camera.core_id)
    if locked.ended_at is not None or ViewGrant.objects.filter(stream=locked, state=GrantState.RUNNING).exists():
        return False
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    transaction.on_commit(lambda: _forget(locked.pk))
    return True


def want_hls(stream: UUID) -> None:
    """Note that a page asks for HLS of a stream, so that its CORE sends pieces of video. Raises LiveUnavailable."""
    with suppress(store.LiveFull):
        if store.want_hls(stream):
            for core in LiveStream.objects.filter(pk=stream).values_list("camera__core", flat=True):
                relays.wake(core)


def wants_hls(stream: UUID) -> bool:
    """True if a page asks for HLS of a stream; False while the live Valkey is away."""
    with suppress(connection.LiveUnavailable):
        return store.wants_hls(stream)
    return False


def _forget(stream: UUID) -> None:
    """Delete the video of a closed stream. If the live Valkey is away, the video expires within half a minute."""
    with suppress(connection.LiveUnavailable):
        store.close(stream)


class Over(Exception):
    """Nobody views this stream any more, so the portal accepts nothing of it."""


def check_token(*, stream: UUID, digest: bytes) -> None:
    """Return if a token may send to its stream now. Raises Refused, Stale, Over. A yes is noted in the live Valkey."""
    if store.is_let_in(stream, digest):
        return
    with transaction.atomic():
        # Behind the lock that closing takes too, so that closing deletes this note.
        rows = LiveStream.objects.select_for_update(of=("self",), no_key=True).select_related("camera__core")
        found = rows.filter(pk=stream).first()
        if found is None or not hmac.compare_digest(bytes(found.digest), digest):
            raise Refused("This token opens no such stream.")
        core = found.camera.core
        if core.state != CoreState.ACTIVE:
            raise Stale("This CORE is not active.", subject=core.subject)
        running = found.grants.filter(state=GrantState.RUNNING, ends_at__gt=timezone.now())
        if found.ended_at is not None or found.camera.removed_at is not None or not running.exists():
            raise Over
        store.let_in(stream, digest)


def core_of(*, stream: UUID) -> UUID:
    found = LiveStream.objects.filter(pk=stream).values_list("camera__core", flat=True).first()
    if found is None:
        raise Over
    return found


def take_segment(*, stream: UUID, digest: bytes, number: int, body: bytes) -> None:
    """Store a piece of video. Raises NotVideo, OutOfOrder and LiveFull besides what `check_token` raises."""
    video.check(body)
    _while_open(stream, digest, lambda: store.put_segment(stream, digest, number, body))


def take_playlist(*, stream: UUID, digest: bytes, body: bytes) -> None:
    """Store the entries of a playlist. Raises BadPlaylist and LiveFull besides what `check_token` raises."""
    read = video.read(body)
    _while_open(stream, digest, lambda: store.put_playlist(stream, digest, read))


def note_told(*, streams: Iterable[UUID]) -> None:
    with suppress(connection.LiveUnavailable, store.LiveFull):
        for stream in streams:
            store.note_told(stream)


def _while_open(stream: UUID, digest: bytes, put: Callable[[], None]) -> None:
    try:
        put()
    except store.Closed:
        # The note expired while a slow line sent. Check again, since the stream may still be open.
        check_token(stream=stream, digest=digest)
        try:
            put()
        except store.Closed as closed:
            raise Over from closed
