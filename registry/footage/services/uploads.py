from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from io import FileIO
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import pictures, steps
from fusus_portal.ground.accounts.models import User, actor_of, task_actor
from fusus_portal.ground.database.files import give_back
from fusus_portal.ground.lifecycle import NotYours, Stale, find_or_refuse
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.pictures.video import SIDE, FirstFrame, first_frame
from registry.canvasses import locks as canvass_locks
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest
from registry.canvasses.policies import may_answer_request
from registry.footage import media_types, policies, selectors, storage
from registry.footage.models import Preview, Upload
from registry.footage.policies import Offered
from registry.footage.services.custody import RECEIVE
from registry.footage.states import NOT_GIVEN, ON_THE_WAY, EvidenceState, UploadState
from registry.limits.models import Limits
from registry.places.models import Camera

MAKER = "registry.make_preview"
PHOTOGRAPHS = {"image/jpeg", "image/png"}


def make_preview(*, upload: UUID) -> bool:
    """Make the preview of a file, which only its owner sees before giving it; True if this call did.

    If no picture can be made the preview is empty, and the file may be given without one.
    """
    if not Upload.objects.filter(pk=upload, state=UploadState.READY, preview__isnull=True).exists():
        return False
    give_back()
    frame = _begins_with(upload)
    with transaction.atomic():
        waiting = Upload.objects.select_for_update(of=("self",), no_key=True).filter(pk=upload, state=UploadState.READY)
        if waiting.first() is None:
            return False
        shown = {"still": frame.jpeg, "seconds": frame.seconds, "recorded_at": frame.recorded_at}
        _preview, is_made = Preview.objects.get_or_create(upload_id=upload, defaults=shown)
    return is_made


def _begins_with(upload: UUID) -> FirstFrame:
    path = storage.arriving(upload)
    with suppress(FileNotFoundError), path.open("rb") as file:
        kind = media_types.type_of(file.read(media_types.SNIFFED_BYTES))
        if kind is not None and kind.content_type in PHOTOGRAPHS:
            return FirstFrame(_re_encoded(File(file), upload))
        if kind is not None:
            frame = first_frame(path, content_type=kind.content_type)
            return replace(frame, jpeg=frame.jpeg and _re_encoded(ContentFile(frame.jpeg), upload))
    return FirstFrame()


def _re_encoded(picture: File[bytes], sender: UUID) -> bytes:
    try:
        return pictures.re_encode(picture, longest_side=SIDE, format="JPEG", sender=sender)
    except ValidationError:
        return b""


SWEEPER = "registry.sweep_uploads"
NEXT_TASK: dict[str, str] = {UploadState.READY: MAKER, UploadState.CHECKING: RECEIVE}
"""Task for a file that has arrived: make the preview for its owner, or make evidence of a given file."""

ABANDONED_AFTER = timedelta(days=7)
"""A file that nobody gave is removed if nothing arrived for this long."""


class WrongOffset(Exception):
    """The sender continues at another byte than the first missing one. offset: bytes that have arrived."""

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
    starts_at: datetime | None = None,
    is_given: bool = False,
    is_apart: bool = False,
    by: User | Actor,
) -> Upload:
    """Begin a file of `size` bytes for a request.

    name, content_type: as the sender says. camera: id of its camera, "" if not said. starts_at: of the recording, if
    known. is_given: its owner gave it before it was sent. is_apart: not on the page of the request's link. Raises
    NotYours or Stale by request, ValidationError on "camera", and on "files" with a code of `check_files`.
    """
    actor, offered = actor_of(by), Offered(name, size, content_type)
    with transaction.atomic():
        locked = canvass_locks.with_incident(request)
        policies.may_give_files(actor, locked)
        policies.check_files([offered], locked, Limits.current())
        said = policies.camera_named(locked, camera)
        upload = _begin(locked, offered, actor, said, starts_at=starts_at, is_given=is_given, is_apart=is_apart)
        storage.begin(upload.pk)
    return upload


def offset(*, upload: Upload) -> int:
    """Return how many bytes of a file are on disk. Raises Stale for a file that was refused, removed or lost."""
    if upload.state in {UploadState.READY, UploadState.CHECKING, UploadState.RECEIVED}:
        return upload.size
    _must_be(upload, UploadState.RECEIVING)
    try:
        return storage.size(upload.pk)
    except FileNotFoundError as error:
        raise Stale(_("This file is gone. Please send it again."), subject=upload.subject) from error


def append(*, upload: Upload, offset: int, stream: storage.Reader, by: User | Actor) -> Upload:
    """Write the bytes of `stream` after the `offset` bytes that have arrived; the last byte completes the file.

    If connection, process or disk fails, written bytes stay, and the sender continues from there.
    Raises WrongOffset, `storage.InUse`, `storage.DiskFull`, `storage.TooMuch` (nothing of this stream is kept),
    Stale, NotYours, and ValidationError on "files" after refusing a file whose first bytes are not footage.
    """
    actor = actor_of(by)
    try:
        with storage.locked(upload.pk) as file:
            upload = selectors.upload(upload.pk)
            policies.may_give_files(actor, upload.request)
            _must_be(upload, UploadState.RECEIVING)
            if file.tell() != offset:
                raise WrongOffset(file.tell())
            _take(upload, file, stream, actor)
            return finish(upload=upload, by=actor) if file.tell() == upload.size else selectors.upload(upload.pk)
    except FileNotFoundError as error:
        _must_be(selectors.upload(upload.pk), UploadState.RECEIVING)
        raise Stale(_("This file is gone. Please send it again."), subject=upload.subject) from error


def finish(*, upload: Upload, by: User | Actor) -> Upload:
    """Record that a file has arrived. Its owner looks at it next, or a worker checks a given file. Raises Stale."""
    actor = actor_of(by)
    with transaction.atomic():
        locked = _locked(upload)
        locked.received, locked.finished_at, locked.touched_at = locked.size, timezone.now(), timezone.now()
        target = UploadState.CHECKING if locked.given_at else UploadState.READY
        steps.take(locked, target, actor, facts={"bytes": locked.size})
        transaction.on_commit(lambda: broker.offer(locked.pk, task=NEXT_TASK[target]), robust=True)
    return locked


def remove(*, upload: Upload, by: User | Actor) -> Upload:
    """Remove a file that is not given. Doing it twice has one effect. Raises Stale for a given file."""
    actor = actor_of(by)
    with transaction.atomic():
        locked = _locked(upload)
        if locked.state == UploadState.REMOVED:
            return locked
        if actor != task_actor(SWEEPER):
            may_answer_request(actor, locked.request)
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
        policies.may_give_files(actor, locked)
        policies.check_files(offered, locked, Limits.current())
        said = policies.camera_named(locked, camera)
        for file in files:
            policies.check_content(file.read(media_types.SNIFFED_BYTES))
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
                no_room = ValidationError(policies.NO_ROOM_SENTENCE, code=policies.NO_ROOM)
                raise ValidationError({"files": no_room}) from error
            raise


def sweep() -> int:
    """Finish files that have arrived, offer waiting ones to the workers again, remove abandoned ones; return how many.

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
    waiting = Upload.objects.filter(state__in=NEXT_TASK, preview__isnull=True).order_by("finished_at")
    offered = (broker.offer(pk, task=NEXT_TASK[state]) for pk, state in waiting.values_list("pk", "state")[:100])
    return touched + sum(offered)


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
            policies.check_content(storage.head(file, media_types.SNIFFED_BYTES))


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


def _discard_leftovers() -> None:
    """Delete arriving files whose process died between a commit and their deletion, or before the commit."""
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
    starts_at: datetime | None = None,
    is_given: bool = False,
    is_apart: bool = False,
) -> Upload:
    upload = Upload.objects.create(
        request=request,
        name=policies.name_of_file(offered.name),
        size=offered.size,
        content_type=offered.content_type[:100],
        camera=camera,
        starts_at=starts_at,
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


def describe(*, upload: Upload, camera: str, starts_at: datetime | None, by: User | Actor) -> Upload:
    """Record a file's camera ("" for none named) and the start of its recording. Doing it twice has one effect.

    A start outside the request's window is taken: a recording may run into it. Raises NotYours or Stale by request,
    NotYours for a file that is gone, ValidationError on "camera" and "starts_at".
    """
    actor = actor_of(by)
    with transaction.atomic():
        request = canvass_locks.with_incident(upload.request)
        policies.may_give_files(actor, request)
        rows = Upload.objects.select_for_update(of=("self",), no_key=True).select_related("evidence")
        there = Q(evidence__isnull=True) | Q(evidence__state=EvidenceState.KEPT)
        own = rows.filter(there, pk=upload.pk, request=request).exclude(state__in=policies.GIVEN_UP)
        locked = find_or_refuse(own, _("There is no such file."), subject=upload.subject)
        evidence = getattr(locked, "evidence", None)
        said = policies.camera_named(request, camera)
        policies.check_start(starts_at)
        if (locked.camera, locked.starts_at) == (said, starts_at):
            return locked
        locked.camera, locked.starts_at = said, starts_at
        locked.save(update_fields=["camera", "starts_at"])
        # Before a file is given the agency reads nothing of it: its owner may still say no (promise R4).
        record(
            event=Event.FILE_DESCRIBED if evidence else Event.UPLOAD_DESCRIBED,
            actor=actor,
            subject=evidence.subject if evidence else locked.subject,
            **request.in_log,
            facts={"starts_at": starts_at.isoformat() if starts_at else "", "camera": str(said.pk) if said else ""},
        )
    return locked


def give(*, request: FootageRequest, files: Sequence[UUID], by: User | Actor) -> list[Upload]:
    """Give a request files that have arrived, all of them or none, and return them. Doing it twice has one effect.

    A worker makes evidence of each, and answers the request with the first. Raises NotYours or Stale by request,
    ValidationError on "files" for none, or for other files than the owner looked at.
    """
    actor = actor_of(by)
    with transaction.atomic():
        locked = canvass_locks.with_incident(request)
        policies.may_give_files(actor, locked)
        rows = Upload.objects.select_for_update(of=("self",), no_key=True).filter(request=locked, pk__in=files)
        chosen = list(rows.order_by("pk"))
        policies.check_chosen(files, chosen)
        for upload in chosen:
            if upload.state in NOT_GIVEN:
                upload.request = locked
                _give(upload, actor)
    return chosen


def _give(upload: Upload, actor: Actor) -> None:
    preview = Preview.objects.filter(upload=upload)
    upload.seconds = preview.values_list("seconds", flat=True).first()
    preview.delete()
    upload.given_at = timezone.now()
    steps.take(upload, UploadState.CHECKING, actor, facts={"bytes": upload.size})
    transaction.on_commit(lambda: broker.offer(upload.pk, task=RECEIVE), robust=True)
