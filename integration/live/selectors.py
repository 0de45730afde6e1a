"""Facts of the gate, read fresh from the database; and views."""

from collections.abc import Collection, Iterable, Sequence, Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from integration.cores.models import DeviceCamera
from integration.cores.selectors import CAMERA_RELATIONS
from integration.critical.models import Declaration, DeclarationKind
from integration.critical.selectors import in_force
from integration.live.models import GrantEnd, ViewGrant, ViewTime
from integration.live.policies import Facts, Granted
from integration.live.states import GrantState
from integration.live.video.connection import is_safe
from integration.rules import GLASS_CAMERA_REST, GRID, VIEW_LIFE
from integration.sharing.models import SharingAgreement, SharingPause
from integration.sharing.policies import CONDITION_NAMES
from integration.sharing.selectors import lasting_agreements
from registry.incidents import selectors as incidents
from registry.incidents.models import Assignment, Incident
from registry.incidents.states import IncidentState

Owner = tuple[SharingAgreement | None, SharingPause | None]


def facts_of_cameras(
    cameras: Iterable[DeviceCamera], *, deputy: User, incident: Incident, now: datetime, reason: str | None = None
) -> list[Facts]:
    """Return the facts of cameras just read with `CAMERA_RELATIONS`, in a constant number of queries."""
    behind = list(cameras)
    fresh = Incident.objects.get(pk=incident.pk)
    person = User.objects.get(pk=deputy.pk)
    known = partial(
        _facts,
        incident=fresh,
        person=person,
        is_assigned=Assignment.objects.filter(incident=fresh, user=person).exists(),
        declaration=in_force(fresh),
        now=now,
        reason=reason,
        safe=is_safe(),
    )
    owners = owners_consents({each.camera.premises.registrant_id for each in behind})
    glass = seen_under_glass([each.camera_id for each in behind], now=now)
    return [
        known(each, owner=owners[each.camera.premises.registrant_id], glass=glass[each.camera_id]) for each in behind
    ]


def facts_of_grants(grants: Sequence[ViewGrant], *, now: datetime) -> list[Facts | None]:
    """Return the facts of views read with `views_with_facts`; None for a view whose camera no longer exists.

    The number of queries grows with the views' incidents alone. The caller checks address and sign-in.
    """
    cameras = {grant.incident_id: set[UUID]() for grant in grants}
    registrants = set()
    for grant in grants:
        if grant.camera is not None:
            cameras[grant.incident_id].add(grant.camera.camera_id)
            registrants.add(grant.camera.camera.premises.registrant_id)
    owners, safe = owners_consents(registrants), is_safe()
    times = {incident: view_times(incident=incident, cameras=seen, now=now) for incident, seen in cameras.items()}
    glass = seen_under_glass({camera for seen in cameras.values() for camera in seen}, now=now)

    def known(grant: ViewGrant) -> Facts | None:
        behind = grant.camera
        if behind is None:
            return None
        used, allowed = times[grant.incident_id][behind.camera_id]
        facts = _facts(
            behind,
            owner=owners[behind.camera.premises.registrant_id],
            glass=glass[behind.camera_id],
            incident=grant.incident,
            declaration=grant.declaration,
            person=grant.deputy,
            is_assigned=grant.is_assigned,  # type: ignore[attr-defined]
            now=now,
            reason=grant.reason,
            safe=safe,
        )
        return replace(facts, granted=Granted(state=grant.state, ends_at=grant.ends_at, used=used, allowed=allowed))

    return [known(grant) for grant in grants]


def views_with_facts() -> QuerySet[ViewGrant]:
    assigned = Assignment.objects.filter(incident=OuterRef("incident"), user=OuterRef("deputy"))
    loaded = ViewGrant.objects.select_related(
        "declaration", "incident__type", "deputy", *(f"camera__{name}" for name in CAMERA_RELATIONS)
    )
    return loaded.annotate(is_assigned=Exists(assigned))


def running_views() -> QuerySet[ViewGrant]:
    return views_with_facts().filter(state=GrantState.RUNNING).order_by("began_at", "pk")


def owners_consents(registrants: Iterable[UUID]) -> dict[UUID, Owner]:
    wanted = set(registrants)
    signed = lasting_agreements().filter(registrant__in=wanted).select_related("document")
    agreements = {each.registrant_id: each for each in signed}
    lasting = SharingPause.objects.filter(registrant__in=wanted, ended_at__isnull=True)
    pauses = {each.registrant_id: each for each in lasting}
    return {each: (agreements.get(each), pauses.get(each)) for each in wanted}


def view_times(*, incident: UUID, cameras: Collection[UUID], now: datetime) -> dict[UUID, tuple[timedelta, timedelta]]:
    """Return used and allowed time of registered cameras in an incident: connecting one again gives no new time."""
    used: dict[UUID, timedelta] = dict.fromkeys(cameras, timedelta())
    views = ViewGrant.objects.filter(incident=incident, camera__camera__in=cameras)
    for camera, began, ends, over in views.values_list("camera__camera", "began_at", "ends_at", "ended_at"):
        used[camera] += max(timedelta(), (over or min(now, ends)) - began)
    times = ViewTime.objects.filter(incident=incident, camera__camera__in=cameras).values_list("camera__camera")
    extensions = dict(times.annotate(sum=Sum("extensions")))
    return {camera: (used[camera], VIEW_LIFE * (1 + extensions.get(camera, 0))) for camera in cameras}


def seen_under_glass(cameras: Collection[UUID], *, now: datetime) -> dict[UUID, set[UUID]]:
    """Return by registered camera the declarations of broken glass that showed it in the last 24 hours, as ids."""
    views = ViewGrant.objects.filter(camera__camera__in=cameras, declaration__kind=DeclarationKind.BREAK_GLASS)
    lately = views.annotate(last=Coalesce("ended_at", "ends_at")).filter(last__gt=now - GLASS_CAMERA_REST)
    seen: dict[UUID, set[UUID]] = {camera: set() for camera in cameras}
    for camera, declaration in lately.values_list("camera__camera", "declaration"):
        seen[camera].add(declaration)
    return seen


def view_reasons(*, incident: UUID, camera: UUID) -> list[str]:
    views = ViewGrant.objects.filter(incident=incident, camera__camera=camera).order_by("began_at")
    return [said for view in views for said in (view.reason, *view.further_reasons)]


def device_camera(pk: UUID) -> DeviceCamera:
    """Return a camera behind a CORE. Raises NotYours if none exists. The gate decides who may see it."""
    rows = DeviceCamera.objects.select_related(*CAMERA_RELATIONS).filter(pk=pk)
    return find_or_refuse(rows, _("There is no such camera."), subject=("device_camera", str(pk)))


def device_cameras(pks: Collection[UUID]) -> list[DeviceCamera]:
    """Return the cameras behind COREs with these ids, in the given order, without ids that do not exist."""
    found = DeviceCamera.objects.select_related(*CAMERA_RELATIONS).in_bulk(list(pks))
    return [found[pk] for pk in dict.fromkeys(pks) if pk in found]


def _facts(
    behind: DeviceCamera,
    *,
    owner: Owner,
    glass: AbstractSet[UUID],
    incident: Incident,
    declaration: Declaration | None,
    person: User,
    is_assigned: bool,
    now: datetime,
    reason: str | None,
    safe: bool,
) -> Facts:
    camera, (agreement, pause) = behind.camera, owner
    return Facts(
        now=now,
        is_open=incident.state == IncidentState.OPEN,
        is_verified=incident.is_verified,
        declaration=declaration,
        point=camera.premises.point,
        precision=camera.premises.precision,
        is_connected=behind.removed_at is None and camera.removed_at is None,
        core_state=behind.core.state,
        rule=getattr(behind, "rule", None),
        agreement=agreement,
        pause=pause,
        is_camera_paused=camera.paused_at is not None,
        role=person.role,
        is_active=person.is_active and not person.is_locked,
        is_assigned=is_assigned,
        reason=reason,
        is_safe=safe,
        was_seen_otherwise=declaration is not None and declaration.is_glass and bool(glass - {declaration.pk}),
    )


TOLD_FOR = timedelta(minutes=2)
"""Time for which the wall still shows a view that has ended, and why."""


def own_running_views(by: User, incident: Incident) -> list[ViewGrant]:
    return list(_own_views(by).filter(incident=incident, state=GrantState.RUNNING)[:GRID])


def own_recent_views(by: User, incident: Incident) -> list[ViewGrant]:
    ended = _own_views(by).filter(incident=incident, state=GrantState.ENDED, ended_at__gt=timezone.now() - TOLD_FOR)
    return [*own_running_views(by, incident), *ended]


def views_on_wall(by: User, incident: Incident) -> list[ViewGrant]:
    """Return the views for a freshly loaded wall: the newest of each camera, but none that the viewer ended."""
    lately = [view for view in own_recent_views(by, incident) if view.end != GrantEnd.STOPPED]
    newest = {view.camera_id: view for view in sorted(lately, key=lambda view: (view.began_at, view.pk))}
    return list(newest.values())


def views_ended_by_owners(by: User, incident: Incident, pks: Collection[UUID]) -> list[ViewGrant]:
    """Return those of a person's views that ended since their owners did not allow them any more, as by a pause."""
    own = _own_views(by).filter(incident=incident, pk__in=pks, state=GrantState.ENDED, camera__isnull=False)
    return list(own.filter(condition__in=CONDITION_NAMES))


def room_for_views(by: User, incident: Incident) -> int:
    return GRID - len(own_running_views(by, incident))


def own_view(by: User, pk: UUID) -> ViewGrant:
    return find_or_refuse(_own_views(by).filter(pk=pk), _("There is no such view."), subject=("view", str(pk)))


def all_running_views(by: User) -> QuerySet[ViewGrant]:
    rows = ViewGrant.objects.filter(state=GrantState.RUNNING, incident__in=incidents.visible_to(by))
    named = rows.select_related("deputy", "incident__type", "camera__camera__premises__registrant")
    return named.order_by("began_at", "pk")


def visible_view(by: User, pk: UUID) -> ViewGrant:
    seen = ViewGrant.objects.filter(pk=pk, incident__in=incidents.visible_to(by))
    rows = seen.select_related("deputy", "incident__type")
    return find_or_refuse(rows, _("There is no such view."), subject=("view", str(pk)))


def other_viewers(views: list[ViewGrant]) -> dict[UUID, list[str]]:
    cameras = {view.camera_id for view in views if view.camera_id}
    rows = ViewGrant.objects.filter(camera__in=cameras, state=GrantState.RUNNING).order_by("began_at", "pk")
    seen = list(rows.values_list("camera", "deputy", "deputy__pseudonym"))
    return {
        view.pk: [name for camera, deputy, name in seen if camera == view.camera_id and deputy != view.deputy_id]
        for view in views
    }


def _own_views(by: User) -> QuerySet[ViewGrant]:
    rows = ViewGrant.objects.select_related("stream", "camera__core", "camera__camera__premises__registrant")
    return rows.filter(deputy=by).order_by("began_at", "pk")
