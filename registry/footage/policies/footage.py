from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PureWindowsPath
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.policies.requests import may_answer, must_be_valid, must_take
from registry.canvasses.states import RequestState
from registry.footage import media_types, storage
from registry.footage.models.files import Evidence, Upload
from registry.footage.states import UploadState
from registry.incidents.policies.incidents import may_work_on
from registry.limits.models import Limits
from registry.places.models import Camera

LONGEST_NAME = 255

STILL_ARRIVING = timedelta(minutes=15)
"""A file with bytes this recent is still arriving; the files before it are not yet the whole reply."""

GIVEN_UP = (UploadState.REFUSED, UploadState.REMOVED)

TOO_LARGE = "too_large"
WRONG_TYPE = "wrong_type"
NO_ROOM = "no_room"
TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Offered:
    """A file as its sender describes it. size: bytes."""

    name: str
    size: int
    content_type: str = ""


def may_give(actor: Actor, request: FootageRequest) -> None:
    """Raise NotYours or Stale unless the actor may add files now, the first or more, while the link works."""
    may_answer(actor, request)
    must_be_valid(request)
    if request.state != RequestState.FOOTAGE:
        must_take(request, RequestState.FOOTAGE)


def check_files(files: Sequence[Offered], request: FootageRequest, limits: Limits) -> None:
    """Raise ValidationError on "files" for files that can't be taken beside those already given or on their way.

    Its code is TOO_LARGE, WRONG_TYPE, NO_ROOM, TOO_MANY or "invalid".
    """
    for file in files:
        _check_one(file, limits)
    total = sum(file.size for file in files)
    begun = Upload.objects.filter(request=request)
    if begun.count() + len(files) > limits.files_begun_per_reply:  # refused and removed ones too
        raise _invalid(_("Too many files were begun for this request. Please call us."), TOO_MANY)
    given = begun.exclude(state__in=GIVEN_UP)
    so_far = given.aggregate(count=Count("pk"), total=Sum("size", default=0))
    if so_far["count"] + len(files) > limits.files_per_reply:
        sentence = _("At most %(limit)d files can be given to one request.")
        raise _invalid(sentence % {"limit": limits.files_per_reply}, TOO_MANY)
    if so_far["total"] + total > limits.bytes_per_reply:
        most = {"limit": filesizeformat(limits.bytes_per_reply)}
        raise _invalid(_("At most %(limit)s can be given to one request.") % most, TOO_LARGE)
    if not storage.room_for(total):
        raise _invalid(no_room(), NO_ROOM)


def check_content(head: bytes) -> media_types.MediaType:
    """Return a file's type by its first bytes. Raises ValidationError on "files" for a type that is not taken."""
    kind = media_types.type_of(head)
    if kind is None:
        raise _invalid(str(media_types.REFUSED_TYPE), WRONG_TYPE)
    return kind


def check_chosen(files: Sequence[UUID], found: Sequence[Upload]) -> None:
    """Raise ValidationError on "files" unless each file that the owner looked at is here, or given already."""
    if not files:
        raise _invalid(_("There is no file to give yet."), "invalid")
    here = {upload.pk for upload in found if upload.state not in {UploadState.RECEIVING, *GIVEN_UP}}
    if here != set(files):
        raise _invalid(_("Your files have changed. Look at them once more, then give them."), "invalid")


def camera_of(request: FootageRequest, camera: str) -> Camera | None:
    """Return the named camera of this request, None for "". Raises ValidationError on "camera"."""
    if not camera:
        return None
    for asked in request.cameras.select_related("camera"):
        if str(asked.camera_id) == camera:
            return asked.camera
    raise ValidationError({"camera": _("Choose one of your cameras that this request is about.")})


def check_start(starts_at: datetime | None) -> None:
    if starts_at and starts_at > timezone.now():
        raise ValidationError({"starts_at": _("This is in the future. When did the recording start?")})


def own_name(name: str) -> str:
    """Return the printable letters of the last part of a file's name; the sender's directories are dropped."""
    last = PureWindowsPath(name.replace("/", "\\")).name
    return "".join(letter for letter in last if letter.isprintable()).strip()[-LONGEST_NAME:]


def no_room() -> str:
    return _("We have no room for this file right now. What has arrived is safe; please try again later.")


def may_view(by: User, evidence: Evidence) -> None:
    """Raise Refused unless on the incident or a supervisor. It may be closed: a court may need the footage."""
    if not (by.is_active and has(by.role, Permission.KEEP_EVIDENCE)):
        may_work_on(by, evidence.request.incident)


def _check_one(file: Offered, limits: Limits) -> None:
    if not own_name(file.name) or file.size <= 0:
        raise _invalid(_("This file is empty, or has no name."), "invalid")
    if file.size > limits.bytes_per_file:
        limit = {"limit": filesizeformat(limits.bytes_per_file)}
        raise _invalid(_("This file is too large. The limit is %(limit)s a file.") % limit, TOO_LARGE)
    if not (media_types.taken_by_name(file.name) and media_types.taken_by_declaration(file.content_type)):
        raise _invalid(str(media_types.REFUSED_TYPE), WRONG_TYPE)


def _invalid(sentence: str, code: str) -> ValidationError:
    return ValidationError({"files": ValidationError(sentence, code=code)})
