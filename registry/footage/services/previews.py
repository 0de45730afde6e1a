from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction

from fusus_portal.ground import pictures
from fusus_portal.ground.database.release import give_back
from fusus_portal.ground.video import SIDE, FirstFrame, first_frame
from registry.footage import media_types, storage
from registry.footage.models.files import Preview, Upload
from registry.footage.states import UploadState

MAKER = "registry.make_preview"
PHOTOGRAPHS = {"image/jpeg", "image/png"}


def make(*, upload: UUID) -> bool:
    """Make the preview of a file for its owner alone, who looks at it next; True if this call did.

    If no picture can be made the preview is empty, and the file may be given as it is.
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
            return FirstFrame(_plain(File(file), upload))
        if kind is not None:
            frame = first_frame(path, content_type=kind.content_type)
            return replace(frame, jpeg=frame.jpeg and _plain(ContentFile(frame.jpeg), upload))
    return FirstFrame()


def _plain(picture: File[bytes], sender: UUID) -> bytes:
    try:
        return pictures.re_encode(picture, longest_side=SIDE, format="JPEG", sender=sender)
    except ValidationError:
        return b""
