from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from integration.clips.models import Clip
from integration.clips.states import ARRIVED, ClipState
from integration.cores.models import Core, DeviceCamera
from integration.rules import CLIP_WAITS
from integration.sharing import policies as sharing, selectors
from registry.canvasses.models import FootageRequest
from registry.canvasses.selectors import turned_down_after
from registry.canvasses.states import TOLD, UNTOLD
from registry.incidents.hooks import FootageWish
from registry.incidents.models import Incident
from registry.incidents.states import IncidentState


def _whole() -> QuerySet[Clip]:
    return Clip.objects.select_related(
        "camera__core",
        "camera__camera__premises__registrant__user",
        "incident__type",
        "request__canvass",
        "upload",
        "asked_by",
    )


def of_incident(incident: Incident) -> QuerySet[Clip]:
    return _whole().filter(incident=incident).order_by("-asked_at", "pk")


def own(by: User) -> QuerySet[Clip]:
    return _whole().filter(request__registrant__user=by).order_by("-asked_at", "pk")


def of_requests(requests: Collection[UUID]) -> QuerySet[Clip]:
    return _whole().filter(request__in=requests).order_by("asked_at", "pk")


def answered_by_rule() -> Q:
    """Return the condition on requests that a rule for clips answered: none of their clips waits for the owner.

    A clip that failed, is late or was lost waits for the owner again (`integration.clips.policies.is_given`).
    """
    clips = Clip.objects.filter(request=OuterRef("pk"))
    in_time = Q(state=ClipState.ORDERED, ordered_at__gt=timezone.now() - CLIP_WAITS)
    on_the_way = in_time & Q(camera__isnull=False, camera__removed_at__isnull=True)
    given = Q(upload__state__in=ARRIVED) | (Q(by_rule=True) & on_the_way)
    return given_by_rule() & Q(~Exists(clips.exclude(given)))


def given_by_rule() -> Q:
    """Return the condition on requests with a clip that a rule gave, here or not."""
    return Q(Exists(Clip.objects.filter(request=OuterRef("pk"), by_rule=True)))


def is_answered_by_rule(request: FootageRequest) -> bool:
    return request.pk in answered_among([request.pk])


def answered_among(requests: Collection[UUID]) -> set[UUID]:
    found = FootageRequest.objects.filter(answered_by_rule(), pk__in=requests)
    return set(found.values_list("pk", flat=True))


def askers_of(upload: UUID) -> list[User]:
    return [clip.asked_by for clip in Clip.objects.filter(upload=upload).select_related("asked_by")]


def wishes_of(uploads: Collection[UUID]) -> dict[UUID, FootageWish]:
    clips = Clip.objects.filter(upload__in=uploads)
    return {clip.upload_id: FootageWish(clip.starts_at, clip.ends_at, clip.reason) for clip in clips if clip.upload_id}


def own_one(by: User, pk: UUID) -> Clip:
    return find_or_refuse(own(by).filter(pk=pk), _("There is no such clip."), subject=("clip", str(pk)))


def ordered(core: Core) -> QuerySet[Clip]:
    """Return the clips that a CORE is told to send, oldest first.

    An answer without footage cancels clips that the owner ordered earlier, but no clip that a rule gave.
    """
    now = timezone.now()
    rows = _whole().filter(
        Q(by_rule=True) | ~turned_down_after(F("ordered_at")),
        request__state__in=[*UNTOLD, *TOLD],
        state=ClipState.ORDERED,
        camera__core=core,
        camera__removed_at__isnull=True,
        ordered_at__gt=now - CLIP_WAITS,
        request__expires_at__gt=now,
        incident__state=IncidentState.OPEN,
    )
    return rows.order_by("ordered_at", "pk")


def rule_gives(camera: DeviceCamera, now: datetime) -> bool:
    """True if a camera's rule gives clips now: the owner chose that, and allows a live view at this moment."""
    registrant = camera.camera.premises.registrant
    rule, agreement = selectors.rule_of(camera), selectors.current_agreement(registrant)
    if rule is None or not rule.answers_clips:
        return False
    pause, is_paused = selectors.pause_of(registrant), camera.camera.paused_at is not None
    return sharing.failed_condition(sharing.Asked(rule, agreement, pause, now, is_camera_paused=is_paused)) is None
