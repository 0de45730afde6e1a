from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.queries import find_or_refuse
from integration.live.models import GrantEnd, ViewGrant
from integration.live.states import GrantState
from integration.rules import GRID
from registry.incidents import selectors as incidents
from registry.incidents.models import Incident
from registry.places.models import Camera

TOLD_FOR = timedelta(minutes=2)
"""Time for which a page shows that one of its views has ended, and why."""


def own_running(by: User, incident: Incident) -> list[ViewGrant]:
    return list(_own(by).filter(incident=incident, state=GrantState.RUNNING)[:GRID])


def own_lately(by: User, incident: Incident) -> list[ViewGrant]:
    ended = _own(by).filter(incident=incident, state=GrantState.ENDED, ended_at__gt=timezone.now() - TOLD_FOR)
    return [*own_running(by, incident), *ended]


def on_wall(by: User, incident: Incident) -> list[ViewGrant]:
    """Return the views of a freshly loaded page: the newest of each camera, without those that the viewer ended."""
    lately = [view for view in own_lately(by, incident) if view.end != GrantEnd.STOPPED]
    newest = {view.camera_id: view for view in sorted(lately, key=lambda view: (view.began_at, view.pk))}
    return list(newest.values())


def room_of(by: User, incident: Incident) -> int:
    return GRID - len(own_running(by, incident))


def own_one(by: User, pk: UUID) -> ViewGrant:
    return find_or_refuse(_own(by).filter(pk=pk), _("There is no such view."), subject=("view", str(pk)))


def all_running(by: User) -> QuerySet[ViewGrant]:
    rows = ViewGrant.objects.filter(state=GrantState.RUNNING, incident__in=incidents.visible_to(by))
    named = rows.select_related("deputy", "incident__type", "camera__camera__premises__registrant")
    return named.order_by("began_at", "pk")


def one(by: User, pk: UUID) -> ViewGrant:
    seen = ViewGrant.objects.filter(pk=pk, incident__in=incidents.visible_to(by))
    rows = seen.select_related("deputy", "incident__type")
    return find_or_refuse(rows, _("There is no such view."), subject=("view", str(pk)))


def viewed_cameras(incident: Incident) -> list[Camera]:
    seen = ViewGrant.objects.filter(incident=incident, camera__isnull=False).values("camera__camera")
    rows = Camera.objects.filter(pk__in=seen, removed_at__isnull=True).select_related("premises")
    return list(rows.order_by("name", "pk"))


def others_at(views: list[ViewGrant]) -> dict[UUID, list[str]]:
    cameras = {view.camera_id for view in views if view.camera_id}
    rows = ViewGrant.objects.filter(camera__in=cameras, state=GrantState.RUNNING).order_by("began_at", "pk")
    seen = list(rows.values_list("camera", "deputy", "deputy__pseudonym"))
    return {
        view.pk: [name for camera, deputy, name in seen if camera == view.camera_id and deputy != view.deputy_id]
        for view in views
    }


def _own(by: User) -> QuerySet[ViewGrant]:
    rows = ViewGrant.objects.select_related("stream", "camera__core", "camera__camera__premises__registrant")
    return rows.filter(deputy=by).order_by("began_at", "pk")
