from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PureWindowsPath
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy

from audit.log.actors import Actor
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from registry.canvasses.models import FootageRequest
from registry.canvasses.policies import may_answer_request, must_be_valid_request, must_take_answer
from registry.canvasses.states import RequestState
from registry.footage import media_types, storage
from registry.footage.models import Evidence, LegalHold, RetentionCategory, Upload
from registry.footage.states import EvidenceState, HoldState, UploadState
from registry.incidents.models import Incident
from registry.incidents.policies.incidents import may_work_on
from registry.incidents.policies.reasons import check_reason
from registry.limits.models import Limits
from registry.places.models import Camera
from registry.rules import LONGEST_KEPT_DAYS

LONGEST_NAME = 255

STILL_ARRIVING = timedelta(minutes=15)
"""A file that got bytes within this time is still arriving; the giver's receipt waits for it."""

GIVEN_UP = (UploadState.REFUSED, UploadState.REMOVED)

TOO_LARGE = "too_large"
WRONG_TYPE = "wrong_type"
NO_ROOM = "no_room"
TOO_MANY = "too_many"

NO_ROOM_SENTENCE = gettext_lazy(
    "We have no room for this file right now. What has arrived is safe; please try again later."
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A file as its sender describes it before sending it. size: bytes."""

    name: str
    size: int
    content_type: str = ""


def may_give_files(actor: Actor, request: FootageRequest) -> None:
    """Raise NotYours or Stale unless the actor may add files to the request now, first ones or more."""
    may_answer_request(actor, request)
    must_be_valid_request(request)
    if request.state != RequestState.FOOTAGE:
        must_take_answer(request, RequestState.FOOTAGE)


def check_files(files: Sequence[Offered], request: FootageRequest, limits: Limits) -> None:
    """Raise ValidationError on "files" for files that can't be taken beside the request's other files.

    The error's code is TOO_LARGE, WRONG_TYPE, NO_ROOM, TOO_MANY or "invalid".
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
        raise _invalid(str(NO_ROOM_SENTENCE), NO_ROOM)


def check_content(head: bytes) -> media_types.MediaType:
    """Return a file's type by its first bytes. Raises ValidationError on "files" for a type that is not taken."""
    kind = media_types.type_of(head)
    if kind is None:
        raise _invalid(str(media_types.REFUSED_TYPE), WRONG_TYPE)
    return kind


def check_chosen(files: Sequence[UUID], found: Sequence[Upload]) -> None:
    """Raise ValidationError on "files" unless each file that the owner looked at has arrived, or is given already."""
    if not files:
        raise _invalid(_("There is no file to give yet."), "invalid")
    here = {upload.pk for upload in found if upload.state not in {UploadState.RECEIVING, *GIVEN_UP}}
    if here != set(files):
        raise _invalid(_("Your files have changed. Look at them once more, then give them."), "invalid")


def camera_named(request: FootageRequest, camera: str) -> Camera | None:
    """Return the request's camera with this id, None for "". Raises ValidationError on "camera"."""
    if not camera:
        return None
    for asked in request.cameras.select_related("camera"):
        if str(asked.camera_id) == camera:
            return asked.camera
    raise ValidationError({"camera": _("Choose one of your cameras that this request is about.")})


def check_start(starts_at: datetime | None) -> None:
    if starts_at and starts_at > timezone.now():
        raise ValidationError({"starts_at": _("This is in the future. When did the recording start?")})


def name_of_file(name: str) -> str:
    """Return the printable letters of the last part of a file's name; the sender's directories are dropped."""
    last = PureWindowsPath(name.replace("/", "\\")).name
    return "".join(letter for letter in last if letter.isprintable()).strip()[-LONGEST_NAME:]


def may_view_evidence(by: User, evidence: Evidence) -> None:
    """Raise Refused unless by a supervisor or somebody on the incident, closed or not: a court may need the footage."""
    if not (by.is_active and has(by.role, Permission.KEEP_EVIDENCE)):
        may_work_on(by, evidence.request.incident)


def _check_one(file: Offered, limits: Limits) -> None:
    if not name_of_file(file.name) or file.size <= 0:
        raise _invalid(_("This file is empty, or has no name."), "invalid")
    if file.size > limits.bytes_per_file:
        limit = {"limit": filesizeformat(limits.bytes_per_file)}
        raise _invalid(_("This file is too large. The limit is %(limit)s a file.") % limit, TOO_LARGE)
    if not (media_types.taken_by_name(file.name) and media_types.taken_by_declaration(file.content_type)):
        raise _invalid(str(media_types.REFUSED_TYPE), WRONG_TYPE)


def _invalid(sentence: str, code: str) -> ValidationError:
    return ValidationError({"files": ValidationError(sentence, code=code)})


def category_of_incident(incident: Incident) -> RetentionCategory:
    return incident.type.retention or standard_category()


def kept_until(received_at: datetime, *, category: RetentionCategory, incident: Incident) -> datetime:
    """Return when a file may be deleted: the longer time of its category or its incident's type, from receipt."""
    return received_at + max(category.kept, category_of_incident(incident).kept)


def hold_condition() -> Exists:
    """Return the condition of a legal hold on a file, or on the whole incident that it was given for."""
    on_it = Q(evidence__isnull=True) | Q(evidence=OuterRef("pk"))
    in_force = LegalHold.objects.filter(state=HoldState.PLACED, incident=OuterRef("request__incident"))
    return Exists(in_force.filter(on_it))


def holds_on(evidence: Evidence) -> QuerySet[LegalHold]:
    """Return all legal holds that were ever on a file or on its whole incident, latest first."""
    on_it = Q(evidence__isnull=True) | Q(evidence=evidence)
    return LegalHold.objects.filter(on_it, incident=evidence.request.incident_id).order_by("-placed_at")


def must_be_kept(evidence: Evidence) -> None:
    if evidence.state == EvidenceState.DELETED and evidence.deleted_at:
        day = {"day": date_format(timezone.localtime(evidence.deleted_at), "DATE_FORMAT")}
        raise Stale(
            _("This file was deleted on %(day)s: the time to keep it was over.") % day, subject=evidence.subject
        )
    if evidence.state != EvidenceState.KEPT:
        raise Stale(_("This file is being deleted: the time to keep it is over."), subject=evidence.subject)


def check_category_reason(reason: str, *, evidence: Evidence, category: RetentionCategory | None) -> str:
    """Return the tidied reason for a category. category: None if not known yet. Raises ValidationError on "reason"."""
    repeats = [evidence.request.incident.number, evidence.number, *([category.name] if category else ())]
    return check_reason(reason, limits=Limits.current(), repeats=repeats)


def check_category(category: RetentionCategory | None, *, name: str, days: int, floor_days: int) -> None:
    """Raise ValidationError on a category's "name", "days" or "floor_days". category: the one to change, or None."""
    check_category_name(name, category=category)
    check_floor_days(floor_days, category=category)
    check_category_days(days, floor_days)


def check_category_name(name: str, *, category: RetentionCategory | None) -> None:
    if RetentionCategory.objects.filter(name__iexact=name).exclude(pk__in=[category.pk] if category else []).exists():
        raise ValidationError({"name": _("There is a category of this name already.")})


def check_floor_days(floor_days: int, *, category: RetentionCategory | None) -> None:
    """Raise ValidationError on "floor_days" below one day, or below the category's present number."""
    if floor_days < 1:
        raise ValidationError({"floor_days": _("Write at least one day.")})
    if category is not None and floor_days < category.floor_days:
        limit = {"days": category.floor_days}
        raise ValidationError({"floor_days": _("This number never goes down; it is %(days)d now.") % limit})


def check_category_days(days: int, floor_days: int) -> None:
    """Raise ValidationError on "days" below the category's floor, or above a hundred years."""
    if days < floor_days:
        raise ValidationError({"days": _("Keep footage at least %(days)d days.") % {"days": floor_days}})
    if days > LONGEST_KEPT_DAYS:
        raise ValidationError({"days": _("At most %(days)d days, a hundred years.") % {"days": LONGEST_KEPT_DAYS}})


def standard_category() -> RetentionCategory:
    return RetentionCategory.objects.get(is_standard=True)
