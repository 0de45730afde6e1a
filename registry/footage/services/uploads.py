"""Uploads: begun, received piece by piece, looked at, described, given, refused, removed."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from io import FileIO
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.actors import actor_of, task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.database.release import give_back
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.queries import find_or_refuse
from registry.canvasses import locks as canvass_locks
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.policies.requests import may_answer
from registry.canvasses.request_links import link_actor
from registry.footage import media_types, selectors, storage
from registry.footage.models.files import Preview, Upload
from registry.footage.policies import footage
from registry.footage.policies.footage import Offered
from registry.footage.services.custody import RECEIVE
from registry.footage.services.previews import MAKER
from registry.footage.states import NOT_GIVEN, ON_THE_WAY, UploadState
from registry.limits.models import Limits
from registry.places.models import Camera

SWEEPER = "registry.sweep_uploads"
NEXT: dict[str, str] = {UploadState.READY: MAKER, UploadState.CHECKING: RECEIVE}
"""Task for a whole file: make the preview for its owner, or make evidence of a given file."""

ABANDONED_AFTER = timedelta(days=7)
"""A file that nobody gave is removed if nothing arrived for this long."""


class WrongOffset(Exception):
    """The sender's next byte is not the missing one. offset: bytes that have arrived."""

    def __init__(self, offset: int) -> None:
        super().__init__(str(offset))
        self.offset = offset


def create(
    *,
    request: FootageRequest,
    name: str,
    size: int,
    content_type: str = "",
    camera: str = "",
    is_given: bool = False,
    is_apart: bool = False,
    by: User | Actor,
) -> Upload:
    """Begin a file of `size` bytes for a request.

    name, content_type: as the sender says. camera: id of its camera, "" if not said. is_given: its owner gave it before
    it was sent. is_apart: no page of the request's link shows it. Raises NotYours or Stale by request, ValidationError
    on "camera", and on "files" with a code of `check_files`.
    """
    actor, offered = actor_of(by), Offered(name, size, content_type)
    with transaction.atomic():
        locked = canvass_locks.with_incident(request)
        footage.may_give(actor, locked)
        footage.check_files([offered], locked, Limits.current())
        said = footage.camera_of(locked, camera)
        upload = _begin(locked, offered, actor, said, is_given=is_given, is_apart=is_apart)
        storage.begin(upload.pk)
    return upload


def find(pk: UUID) -> Upload:
    """Return an upload with its request. Raises NotYours."""
    rows = Upload.objects.select_related("request__incident__type", "request__registrant__user", "evidence")
    return find_or_refuse(rows.filter(pk=pk), _("There is no such file."))


def offset(*, upload: Upload) -> int:
    """Return how many bytes have arrived, by what is on disk. Raises Stale for a file that was given up."""
    if upload.state in {UploadState.READY, UploadState.CHECKING, UploadState.RECEIVED}:
        return upload.size
    _must_be(upload, UploadState.RECEIVING)
    try:
        return storage.size(upload.pk)
    except FileNotFoundError as error:
        raise Stale(_("This file is gone. Please send it again."), subject=upload.subject) from error


def append(*, upload: Upload, offset: int, stream: storage.Reader, by: User | Actor) -> Upload:
    """Write the bytes of `stream` behind the `offset` that have arrived; the last byte completes the file.

    Whatever interrupts it (line, process, disk), written bytes stay, and the sender continues from there.
    Raises WrongOffset, `storage.InUse`, `storage.DiskFull`, `storage.TooMuch` (nothing of this stream is kept),
    Stale, NotYours, and ValidationError on "files" after refusing a file whose first bytes are not footage.
    """
    actor = actor_of(by)
    try:
        with storage.locked(upload.pk) as file:
            upload = find(upload.pk)
            footage.may_give(actor, upload.request)
            _must_be(upload, UploadState.RECEIVING)
            if file.tell() != offset:
                raise WrongOffset(file.tell())
            _take(upload, file, stream, actor)
            return finish(upload=upload, by=actor) if file.tell() == upload.size else find(upload.pk)
    except FileNotFoundError as error:
        _must_be(find(upload.pk), UploadState.RECEIVING)
        raise Stale(_("This file is gone. Please send it again."), subject=upload.subject) from error


def finish(*, upload: Upload, by: User | Actor) -> Upload:
    """Record that all bytes have arrived. The owner looks next, or a worker checks a given file. Raises Stale."""
    actor = actor_of(by)
    with transaction.atomic():
        locked = _locked(upload)
        locked.received, locked.finished_at, locked.touched_at = locked.size, timezone.now(), timezone.now()
        target = UploadState.CHECKING if locked.given_at else UploadState.READY
        steps.take(locked, target, actor, facts={"bytes": locked.size})
        transaction.on_commit(lambda: _offer(locked.pk, NEXT[target]), robust=True)
    return locked


def remove(*, upload: Upload, by: User | Actor) -> Upload:
    """Remove a file that is not given. Doing it twice has one effect. Raises Stale for a given file."""
    actor = actor_of(by)
    with transaction.atomic():
        locked = _locked(upload)
        if locked.state == UploadState.REMOVED:
            return locked
        if actor != task_actor(SWEEPER):
            may_answer(actor, locked.request)
        _must_be(locked, *NOT_GIVEN)
        Preview.objects.filter(upload=locked).delete()
        steps.take(locked, UploadState.REMOVED, actor, facts={"bytes": locked.received})
        transaction.on_commit(lambda: storage.discard(locked.pk))
    return locked


def receive_whole(
    *, request: FootageRequest, files: Sequence[UploadedFile[Any]], camera: str = "", by: User | Actor
) -> list[Upload]:
    """Take files that came with a plain form, for their owner to look at: all of them or none.

    files: from Django's upload handlers (large ones are on disk, and are moved, not copied). camera: as for `create`.
    Raises NotYours or Stale by request, ValidationError on "files" and "camera".
    """
    actor = actor_of(by)
    offered = [Offered(file.name or "", file.size or 0, file.content_type or "") for file in files]
    uploads: list[Upload] = []
    with transaction.atomic():
        locked = canvass_locks.with_incident(request)
        footage.may_give(actor, locked)
        footage.check_files(offered, locked, Limits.current())
        said = footage.camera_of(locked, camera)
        for file in files:
            footage.check_content(file.read(media_types.SNIFFED_BYTES))
            file.seek(0)
        try:
            for file, description in zip(files, offered, strict=True):
                uploads.append(_begin(locked, description, actor, said))
                storage.adopt(uploads[-1].pk, file)
            return [finish(upload=upload, by=actor) for upload in uploads]
        except BaseException as error:
            for upload in uploads:
                storage.discard(upload.pk)
            if isinstance(error, storage.DiskFull):
                raise ValidationError({"files": ValidationError(footage.no_room(), code=footage.NO_ROOM)}) from error
            raise


def sweep() -> int:
    """Finish whole files, offer waiting ones to the workers again, remove those that nobody gave; return how many.

    After a crash the size of a file on disk is the truth.
    """
    receiving = Upload.objects.filter(state=UploadState.RECEIVING).select_related("request__registrant__user")
    touched = 0
    for upload in receiving.order_by("touched_at"):
        with suppress(Stale, NotYours, FileNotFoundError):  # its sender was faster, or has left
            touched += _sweep(upload)
    for upload in selectors.left_behind(since=timezone.now() - ABANDONED_AFTER):
        with suppress(Stale):  # its owner gave it at this moment
            remove(upload=upload, by=task_actor(SWEEPER))
            touched += 1
    _discard_leftovers()
    waiting = Upload.objects.filter(state__in=NEXT, preview__isnull=True).order_by("finished_at")
    return touched + sum(_offer(pk, NEXT[state]) for pk, state in waiting.values_list("pk", "state")[:100])


def _take(upload: Upload, file: FileIO, stream: storage.Reader, actor: Actor) -> None:
    begun_at = file.tell()
    give_back()  # a file may take an hour to arrive
    try:
        _write(upload, file, stream)
    except storage.TooMuch:
        file.truncate(begun_at)
        raise
    except ValidationError as invalid:
        _refuse(upload, actor, " ".join(invalid.messages))
        raise
    finally:
        file.seek(0, 2)
        storage.sync(file)
        arriving = Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVING)
        arriving.update(received=file.tell(), touched_at=timezone.now())


def _write(upload: Upload, file: FileIO, stream: storage.Reader) -> None:
    enough = min(media_types.SNIFFED_BYTES, upload.size)
    for piece in storage.pieces(stream):
        before = file.tell()
        after = storage.append(file, piece, declared=upload.size)
        if before < enough <= after:
            footage.check_content(storage.head(file, media_types.SNIFFED_BYTES))


def _refuse(upload: Upload, actor: Actor, sentence: str) -> None:
    with transaction.atomic():
        locked = _locked(upload)
        locked.refusal = sentence[:300]
        steps.take(locked, UploadState.REFUSED, actor, facts={"bytes": locked.size})
        transaction.on_commit(lambda: storage.discard(locked.pk))


def _sweep(upload: Upload) -> bool:
    if upload.touched_at < timezone.now() - ABANDONED_AFTER:
        remove(upload=upload, by=task_actor(SWEEPER))
        return True
    if storage.size(upload.pk) < upload.size:
        return False
    finish(upload=upload, by=link_actor(upload.request))
    return True


def _offer(pk: UUID, task: str) -> bool:
    """Offer a waiting file to the workers. Losing this is harmless: the sweep finds the row."""
    return broker.offer(pk, task=task)


def _discard_leftovers() -> None:
    """Delete files that nobody waits for: their process died between a commit and the deletion, or before a commit."""
    old = list(storage.untouched(timezone.now() - ABANDONED_AFTER))
    wanted = Upload.objects.filter(pk__in=old, state__in=ON_THE_WAY)
    for pk in set(old) - set(wanted.values_list("pk", flat=True)):
        storage.discard(pk)


def _begin(
    request: FootageRequest,
    offered: Offered,
    actor: Actor,
    camera: Camera | None,
    *,
    is_given: bool = False,
    is_apart: bool = False,
) -> Upload:
    upload = Upload.objects.create(
        request=request,
        name=footage.own_name(offered.name),
        size=offered.size,
        content_type=offered.content_type[:100],
        camera=camera,
        given_at=timezone.now() if is_given else None,
        is_apart=is_apart,
    )
    facts = {"bytes": upload.size}
    record(event=Event.UPLOAD_STARTED, actor=actor, subject=upload.subject, facts=facts, **upload.in_log)
    return upload


def _locked(upload: Upload) -> Upload:
    request = canvass_locks.with_incident(upload.request)
    rows = Upload.objects.select_for_update(of=("self",)).filter(pk=upload.pk)
    locked = find_or_refuse(rows, _("There is no such file."), subject=upload.subject)
    locked.request = request
    return locked


def _must_be(upload: Upload, *states: UploadState) -> None:
    if upload.state == UploadState.REFUSED:
        raise Stale(upload.refusal, subject=upload.subject)
    if upload.state not in states:
        sentence = _("This file is already “%(state)s”.") % {"state": upload.get_state_display()}
        raise Stale(sentence, subject=upload.subject)
