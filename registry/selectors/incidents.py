"""Which incidents a person sees."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from fusus_portal.lifecycle import NotYours
from registry.models import Assignment, Incident, IncidentType
from registry.states import IncidentState


def visible_to(by: User) -> QuerySet[Incident]:
    """Return all incidents for a supervisor, those assigned to a deputy, none for anybody else. Latest first."""
    incidents = Incident.objects.select_related("type", "opened_by", "verified_by").order_by("-opened_at")
    if by.role == Role.SUPERVISOR:
        return incidents
    if by.role == Role.DEPUTY:
        return incidents.filter(pk__in=Assignment.objects.filter(user=by).values("incident"))
    return incidents.none()


def mine(by: User) -> QuerySet[Incident]:
    """Return the open incidents that are assigned to this person, latest first."""
    assigned = Assignment.objects.filter(user=by).values("incident")
    return visible_to(by).filter(pk__in=assigned, state=IncidentState.OPEN)


def to_verify(by: User) -> QuerySet[Incident]:
    """Return the open incidents that wait for this supervisor's word, oldest first."""
    waiting = visible_to(by).filter(state=IncidentState.OPEN, verified_at__isnull=True)
    if by.role != Role.SUPERVISOR:
        return waiting.none()
    return waiting.exclude(opened_by=by).order_by("opened_at")


def one(by: User, pk: UUID) -> Incident:
    """Return an incident that this person may see. Raises NotYours."""
    incident = visible_to(by).filter(pk=pk).first()
    if incident is None:
        raise NotYours(_("There is no such incident."), subject=("incident", str(pk)))
    return incident


def types() -> QuerySet[IncidentType]:
    """Return the agency's list of crimes and emergencies."""
    return IncidentType.objects.order_by("emergency", "name")


def people_on(incident: Incident) -> QuerySet[User]:
    """Return who is assigned to an incident."""
    return User.objects.filter(assignments__incident=incident).order_by("pseudonym")


def person_on(incident: Incident, pk: UUID) -> User:
    """Return one of the people assigned to an incident. Raises NotYours."""
    person = people_on(incident).filter(pk=pk).first()
    if person is None:
        raise NotYours(_("There is no such person on this incident."), subject=incident.subject)
    return person


def assignable(incident: Incident) -> QuerySet[User]:
    """Return the deputies and supervisors who are not on an incident yet."""
    working = User.objects.filter(role__in=[Role.DEPUTY, Role.SUPERVISOR], is_active=True)
    return working.exclude(assignments__incident=incident).order_by("name", "pseudonym")
