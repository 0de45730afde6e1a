"""Video of a CORE: taken with the token of that stream alone, in order, while somebody may see it."""

import hmac
from collections.abc import Callable, Iterable
from contextlib import suppress
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fusus_portal.ground.lifecycle import Refused, Stale
from integration.cores.states import CoreState
from integration.live.models import LiveStream
from integration.live.states import GrantState
from integration.live.video import playlists, segments, store
from integration.live.video.connection import LiveUnavailable
from integration.live.video.store import Closed, LiveFull


class Over(Exception):
    """Nobody sees this stream any more, so it accepts nothing."""


def check(*, stream: UUID, digest: bytes) -> None:
    """Return if the token may send now: by a note in the live Valkey, or the rows. Raises Refused, Over, Stale."""
    if store.is_let_in(stream, digest):
        return
    with transaction.atomic():
        # Behind the lock that closing takes too, so that closing deletes this note.
        rows = LiveStream.objects.select_for_update(of=("self",), no_key=True).select_related("camera__core")
        found = rows.filter(pk=stream).first()
        if found is None or not hmac.compare_digest(bytes(found.digest), digest):
            raise Refused("This token opens no such stream.")
        _must_be_open(found)
        store.let_in(stream, digest)


def core_of(*, stream: UUID) -> UUID:
    found = LiveStream.objects.filter(pk=stream).values_list("camera__core", flat=True).first()
    if found is None:
        raise Over
    return found


def take_segment(*, stream: UUID, digest: bytes, number: int, body: bytes) -> None:
    """Store a piece of video. Raises NotVideo, OutOfOrder and LiveFull besides what `check` raises."""
    segments.check(body)
    _while_open(stream, digest, lambda: store.put_segment(stream, digest, number, body))


def take_playlist(*, stream: UUID, digest: bytes, body: bytes) -> None:
    """Store the entries of a playlist. Raises BadPlaylist and LiveFull besides what `check` raises."""
    read = playlists.read(body)
    _while_open(stream, digest, lambda: store.put_playlist(stream, digest, read))


def note_told(*, streams: Iterable[UUID]) -> None:
    with suppress(LiveUnavailable, LiveFull):
        for stream in streams:
            store.note_told(stream)


def _while_open(stream: UUID, digest: bytes, put: Callable[[], None]) -> None:
    try:
        put()
    except Closed:
        # The note expired while a slow line sent. Check again, since the stream may still be open.
        check(stream=stream, digest=digest)
        try:
            put()
        except Closed as closed:
            raise Over from closed


def _must_be_open(stream: LiveStream) -> None:
    core = stream.camera.core
    if core.state != CoreState.ACTIVE:
        raise Stale("This CORE is not active.", subject=core.subject)
    running = stream.grants.filter(state=GrantState.RUNNING, ends_at__gt=timezone.now())
    if stream.ended_at is not None or stream.camera.removed_at is not None or not running.exists():
        raise Over
