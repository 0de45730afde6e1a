from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.log.actors import Actor
from fusus_portal.ground import steps
from registry.canvasses.models.approvals import Approval
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.models.unverified_searches import Bound, UnverifiedSearch
from registry.canvasses.policies import canvasses
from registry.canvasses.policies import unverified_searches as unverified_search_policies
from registry.canvasses.selectors import search
from registry.canvasses.selectors import unverified_searches as unverified_search_selectors
from registry.canvasses.services import findings
from registry.canvasses.states import CanvassState
from registry.incidents.models.incidents import Incident
from registry.incidents.states import IncidentState
from registry.limits.models import Limits

HELD = (CanvassState.DRAFT, CanvassState.WAITING)


def lift(incident: Incident, actor: Actor) -> None:
    """Release canvasses that one person's limit alone held back, inside the act that verifies a locked incident.

    Those of the incident, and those of others whose searchers have room again. Nothing is searched or counted again. A
    canvass beyond the limits itself, or denied, stays with its supervisor.
    """
    limits = Limits.current()
    for canvass in sorted(_held(incident), key=lambda held: held.searched_at):
        if canvass.incident_id == incident.pk:
            canvass.incident = incident
        if _has_room(canvass, limits):
            _free(canvass, actor)


def _held(incident: Incident) -> QuerySet[Canvass]:
    """Lock the canvasses that may be released, in one order for all acts."""
    people = UnverifiedSearch.objects.filter(incident=incident).values("by")
    others = UnverifiedSearch.objects.filter(by__in=people).values("incident")
    held = Canvass.objects.filter(state__in=HELD, beyond_limits=True, incident__state=IncidentState.OPEN)
    rows = held.select_for_update(of=("self",), no_key=True).select_related("incident__type")
    return rows.filter(Q(incident=incident) | Q(incident__in=others)).order_by("pk")


def _has_room(canvass: Canvass, limits: Limits) -> bool:
    if canvass.incident.is_verified:
        return not canvasses.beyond_limits(canvass.area, canvass.starts_at, canvass.ends_at, limits)
    held_by = unverified_search_policies.held_by(canvass, limits)
    if held_by is None:
        return False
    seen = unverified_search_selectors.seen(incident=canvass.incident, by=held_by.by)
    owners = findings.owners_of(search.cameras_of(search.premises_with_cameras(canvass.area, canvass=canvass)))
    return not unverified_search_policies.bound_of(seen, owners, limits)


def _free(canvass: Canvass, actor: Actor) -> None:
    """Make a locked canvass one within the limits, which now counts as searched; a question about it becomes void."""
    if canvass.state == CanvassState.WAITING:
        steps.take(canvass, CanvassState.DRAFT, actor, facts={"verified": "yes"})
        Approval.objects.filter(canvass=canvass, voided_at__isnull=True).update(voided_at=timezone.now())
    canvass.beyond_limits = False
    canvass.save(update_fields=["beyond_limits"])
    held = UnverifiedSearch.objects.filter(incident=canvass.incident, bound__in=[Bound.DAY, Bound.WEEK])
    held.update(bound=Bound.NONE)
