from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from fusus_portal.ground.signed_links import SignedLink
from registry.canvasses.models import Canvass, FootageRequest, RequestCamera
from registry.canvasses.selectors import cameras_as_asked, cameras_asked, turned_down_after
from registry.canvasses.states import RequestState
from registry.footage.models import Evidence, Giver, LegalHold, Preview, RetentionCategory, Upload
from registry.footage.policies import hold_condition
from registry.footage.states import NOT_GIVEN, EvidenceState, HoldState
from registry.incidents import selectors as incidents
from registry.incidents.models import Incident
from registry.places.models import Camera


@dataclass(frozen=True, slots=True)
class Filed:
    """A file, and if it is on hold. Its giver reads that there is a legal hold, never why."""

    file: Evidence
    is_held: bool


def of_incident(incident: Incident) -> QuerySet[Evidence]:
    return Evidence.objects.filter(request__incident=incident).order_by("-received_at", "pk")


def of_canvass(canvass: Canvass) -> QuerySet[Evidence]:
    return Evidence.objects.filter(request__canvass=canvass).order_by("received_at", "pk")


def replies_to(canvasses: Sequence[Canvass]) -> tuple[dict[UUID, list[Evidence]], dict[UUID, list[Camera]]]:
    """Return the files and cameras of the replies to canvasses of one incident, by request.

    Each camera has its premises as asked about; removed places are left out. Two queries, and one more for each canvass
    with a camera moved since.
    """
    files: dict[UUID, list[Evidence]] = defaultdict(list)
    given = Evidence.objects.filter(request__canvass__in=canvasses).order_by("received_at", "pk")
    for file in given.select_related("upload__camera"):
        files[file.request_id].append(file)
    rows = RequestCamera.objects.filter(request__in=files, camera__premises__removed_at__isnull=True)
    asked = list(rows.select_related("camera__premises", "request").order_by("camera__name", "camera_id"))
    cameras: dict[UUID, list[Camera]] = defaultdict(list)
    for canvass in canvasses:
        of_canvass = {row.camera_id: row.request_id for row in asked if row.request.canvass_id == canvass.pk}
        stood = [row.camera for row in asked if row.request.canvass_id == canvass.pk]
        for camera in cameras_as_asked(canvass, stood):
            cameras[of_canvass[camera.pk]].append(camera)
    return files, cameras


def files_of(requests: Iterable[FootageRequest]) -> QuerySet[Evidence]:
    """Return the kept files of these replies, the latest first."""
    kept = Evidence.objects.filter(request__in=list(requests), state=EvidenceState.KEPT)
    return kept.order_by("-received_at", "pk")


def recorded_by(evidence: Evidence, canvass: Canvass) -> list[Camera]:
    """Return the camera that a file is from; if none is named, all cameras that its request asks about.

    Each has its premises as asked about, with `is_confirmed` of that time. Removed places are left out.
    """
    asked = evidence.request.cameras.values_list("camera", flat=True)
    named = evidence.upload.camera_id
    return cameras_asked(canvass, among=[pk for pk in asked if named in {None, pk}])


def chosen(incident: Incident, *, state: str = "", category: RetentionCategory | None = None) -> QuerySet[Evidence]:
    """Return an incident's files for `filed`, latest first. state: kept, held or deleted, "" for all."""
    files = of_incident(incident).select_related("category", "request", "upload__camera")
    files = files.annotate(on_hold=hold_condition())
    filters = {
        "kept": Q(state=EvidenceState.KEPT),
        "held": Q(on_hold=True) & ~Q(state=EvidenceState.DELETED),
        "deleted": Q(state=EvidenceState.DELETED),
    }
    if state in filters:
        files = files.filter(filters[state])
    return files.filter(category=category) if category else files


def filed(files: Iterable[Any]) -> list[Filed]:
    """Return files with their holds. files: with `on_hold`, the value of `hold_condition`; a deleted one has none."""
    return [Filed(file, file.on_hold and file.state != EvidenceState.DELETED) for file in files]


def beside(evidence: Evidence) -> QuerySet[Evidence]:
    files = Evidence.objects.filter(request=evidence.request_id).exclude(pk=evidence.pk)
    return files.select_related("upload__camera").order_by("received_at", "pk")


def of_others(evidence: Evidence) -> QuerySet[Evidence]:
    return of_incident(evidence.request.incident).exclude(request=evidence.request_id)


def uploads_of(request: FootageRequest) -> QuerySet[Any]:
    """Return the files begun for a request, oldest first, without those that are apart and not given.

    has_still: there is a picture to look at. is_turned_down: the owner has answered otherwise since.
    """
    shown = Q(preview__isnull=False) & ~Q(preview__still=b"")
    files = Upload.objects.filter(request=request).exclude(is_apart=True, given_at__isnull=True)
    files = files.select_related("camera", "preview", "evidence")
    marked = files.defer("preview__still").annotate(
        has_still=ExpressionWrapper(shown, BooleanField()),
        is_turned_down=ExpressionWrapper(_turned_down(), BooleanField()),
    )
    return marked.order_by("started_at", "pk")


def left_behind(*, since: datetime) -> QuerySet[Upload]:
    """Return the files that nobody will give any more. since: files untouched before this count as abandoned."""
    over = Q(request__state__in=[RequestState.WITHDRAWN, RequestState.EXPIRED]) | Q(
        request__expires_at__lte=timezone.now()
    )
    closed = Q(request__incident__settled_at__isnull=False)
    gone = Q(touched_at__lt=since) | over | closed | _turned_down()
    nobodys = Upload.objects.filter(gone, state__in=NOT_GIVEN, given_at__isnull=True)
    return nobodys.select_related("request").order_by("touched_at")


def _turned_down() -> Q:
    """Return the condition on files whose owner has answered otherwise since, even if a rule gave footage later.

    What a device sends apart counts from its beginning: the device goes on sending, not the owner.
    """
    since = Case(When(is_apart=True, then=F("started_at")), default=F("touched_at"))
    return turned_down_after(since)


def categories() -> QuerySet[RetentionCategory]:
    return RetentionCategory.objects.prefetch_related("incident_types")


def category(pk: UUID) -> RetentionCategory:
    """Return a category of retention. Raises NotYours."""
    return find_or_refuse(categories().filter(pk=pk), _("There is no such category."), subject=("retention", str(pk)))


def holds_in_force(incident: Incident) -> QuerySet[LegalHold]:
    holds = incident.holds.filter(state=HoldState.PLACED).select_related("evidence", "placed_by", "lifted_by")
    return holds.order_by("-placed_at", "pk")


def hold(by: User, pk: UUID) -> LegalHold:
    """Return a legal hold of an incident that this person may see. Raises NotYours."""
    visible = LegalHold.objects.filter(pk=pk, incident__in=incidents.visible_to(by))
    found = visible.select_related("incident__type", "evidence", "placed_by")
    return find_or_refuse(found, _("There is no such legal hold."), subject=("hold", str(pk)))


def still(pk: UUID, *, request: FootageRequest) -> bytes:
    """Return the picture (JPEG) of a request's file that is not given yet. Raises NotYours."""
    previews = Preview.objects.filter(upload=pk, upload__request=request).exclude(still=b"")
    return bytes(find_or_refuse(previews, _("There is no such file.")).still)


def giver_of(request: FootageRequest) -> str:
    if request.registrant is not None:
        return request.registrant.name
    giver = Giver.objects.filter(request=request).first()
    return giver.name if giver else ""


def one(by: User, pk: UUID) -> Evidence:
    """Return a file of an incident that this person may see, with request, incident, category. Raises NotYours."""
    visible = incidents.visible_to(by)
    found = Evidence.objects.select_related(
        "request__incident__type__retention", "request__canvass", "request__registrant", "category", "upload__camera"
    ).filter(pk=pk, request__incident__in=visible)
    return find_or_refuse(found, _("There is no such file."), subject=("evidence", str(pk)))


def camera_choices(cameras: Sequence[Camera]) -> list[tuple[str, Any]]:
    return [
        ("", _("I don't know, or another camera")),
        *((str(camera.pk), camera.name) for camera in cameras),
    ]


def given_files(request: FootageRequest) -> list[Filed]:
    rows = request.evidence.select_related("upload__camera").annotate(on_hold=hold_condition())
    return filed(rows.order_by("received_at", "pk"))


def deletions_begun() -> list[UUID]:
    files = Evidence.objects.filter(state=EvidenceState.DELETING).order_by("deleting_at", "pk")
    return list(files.values_list("pk", flat=True))


def upload(pk: UUID) -> Upload:
    """Return an upload with its request. Raises NotYours."""
    rows = Upload.objects.select_related("request__incident__type", "request__registrant__user", "evidence")
    return find_or_refuse(rows.filter(pk=pk), _("There is no such file."))


UPLOAD_LINKS = SignedLink("registry.upload_links", "16s")
"""The key in an upload's address holds its id (16 bytes)."""


def upload_key(upload: UUID) -> str:
    """Return the key in the address of an upload, which nobody can guess: 48 letters, digits, - and _."""
    return UPLOAD_LINKS.token(upload.bytes)


def upload_of_key(key: str) -> UUID:
    """Return the id of the upload of a key. Raises NotYours for a forged key."""
    (pk,) = UPLOAD_LINKS.read(key, _("There is no such file."))
    return UUID(bytes=pk)
