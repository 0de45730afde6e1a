from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.queries import find_or_refuse
from registry.incidents.models.incidents import VERIFIED, Assignment, Incident
from registry.incidents.states import IncidentState
from registry.limits.models import Limits
from registry.rules import CLOSING_TAKEN_BACK_WITHIN

FLAGGED_FOR = timedelta(days=30)
"""A flag stays on the start page of auditors and supervisors this long."""

FLAGS = 10


class IncidentStanding(TextChoices):
    OPEN = "open", gettext_lazy("Open")
    UNVERIFIED = "unverified", gettext_lazy("Open, not verified")
    CLOSED = "closed", gettext_lazy("Closed")
    FLAGGED = "flagged", gettext_lazy("Closed because nobody verified it")


STANDING: dict[str, Q] = {
    "": Q(),
    IncidentStanding.OPEN: Q(state=IncidentState.OPEN),
    IncidentStanding.UNVERIFIED: Q(state=IncidentState.OPEN) & ~VERIFIED,
    IncidentStanding.CLOSED: Q(state=IncidentState.CLOSED),
    IncidentStanding.FLAGGED: Q(lapsed_at__isnull=False),
}


def search(by: User, *, number: str = "", standing: str = "", own: bool = False) -> QuerySet[Incident]:
    """Return matching visible incidents, latest first. number: a part. standing: of STANDING. own: assigned only."""
    found = visible_to(by).filter(STANDING[standing])
    if own:
        found = found.filter(pk__in=Assignment.objects.filter(user=by).values("incident"))
    if number:
        found = found.filter(number__icontains=number.strip())
    return found.order_by("-opened_at", "pk")


def flagged(by: User) -> QuerySet[Incident]:
    if by.role not in {Role.AUDITOR, Role.SUPERVISOR}:
        return Incident.objects.none()
    lately = timezone.now() - FLAGGED_FOR
    return Incident.objects.filter(lapsed_at__gte=lately).select_related("type").order_by("-lapsed_at", "pk")[:FLAGS]


def visible_to(by: User) -> QuerySet[Incident]:
    """Return all incidents for a supervisor, those assigned to a deputy, none for anybody else. Latest first."""
    incidents = Incident.objects.select_related("type", "opened_by", "verified_by").order_by("-opened_at", "pk")
    if by.role == Role.SUPERVISOR:
        return incidents
    if by.role == Role.DEPUTY:
        return incidents.filter(pk__in=Assignment.objects.filter(user=by).values("incident"))
    return incidents.none()


def mine(by: User) -> QuerySet[Incident]:
    """Return the open incidents assigned to this person, latest first."""
    assigned = Assignment.objects.filter(user=by).values("incident")
    return visible_to(by).filter(pk__in=assigned, state=IncidentState.OPEN)


def unverified() -> QuerySet[Incident]:
    return Incident.objects.filter(~VERIFIED, state=IncidentState.OPEN)


def without_room(by: User) -> list[tuple[User, list[Incident]]]:
    """Return the other people with as many open unverified incidents as the limits allow, and these incidents."""
    counted = unverified().exclude(opened_by=by).values("opened_by").annotate(number=Count("pk"))
    full = counted.filter(number__gte=Limits.current().unverified_incidents_open).values("opened_by")
    waiting = unverified().filter(opened_by__in=full, opened_by__is_active=True).select_related("opened_by")
    ordered = waiting.order_by("opened_by__pseudonym", "opened_at", "pk")
    return [(opener, list(own)) for opener, own in groupby(ordered, key=lambda incident: incident.opened_by)]


def unverified_of(by: User) -> QuerySet[Incident]:
    return visible_to(by).filter(~VERIFIED, state=IncidentState.OPEN, opened_by=by)


def assigned_among(pks: Iterable[UUID], by: User) -> set[UUID]:
    return set(Assignment.objects.filter(user=by, incident__in=list(pks)).values_list("incident", flat=True))


def to_verify(by: User) -> QuerySet[Incident]:
    """Return the open incidents that this supervisor may verify, oldest first: none that they opened or changed."""
    waiting = visible_to(by).filter(~VERIFIED, state=IncidentState.OPEN)
    if by.role != Role.SUPERVISOR:
        return waiting.none()
    changed = Incident.history.filter(id=OuterRef("pk"), changed_by=by)
    return waiting.exclude(opened_by=by).filter(~Exists(changed)).order_by("opened_at", "pk")


def to_be_verified(by: User) -> QuerySet[Incident]:
    own = mine(by).filter(~VERIFIED)
    return own.exclude(pk__in=to_verify(by).order_by().values("pk")).order_by("opened_at", "pk")


def closed_by(by: User) -> QuerySet[Incident]:
    lately = timezone.now() - CLOSING_TAKEN_BACK_WITHIN
    closed = visible_to(by).filter(state=IncidentState.CLOSED, settled_at__isnull=True)
    return closed.filter(closed_by=by, closed_at__gt=lately).order_by("closed_at", "pk")


def one(by: User, pk: UUID) -> Incident:
    """Return a visible incident. Raises NotYours."""
    return find_or_refuse(visible_to(by).filter(pk=pk), _("There is no such incident."), subject=("incident", str(pk)))


def sees(by: User, pk: UUID) -> bool:
    return visible_to(by).filter(pk=pk).exists()


def by_number(by: User, number: str) -> Incident | None:
    """Return the visible incident of a typed number, or None."""
    return visible_to(by).filter(number=number.strip().upper()).first()


def people_on(incident: Incident) -> QuerySet[User]:
    return User.objects.filter(assignments__incident=incident).order_by("pseudonym")


def person_on(incident: Incident, pk: UUID) -> User:
    """Return a person assigned to an incident. Raises NotYours."""
    found = people_on(incident).filter(pk=pk)
    return find_or_refuse(found, _("There is no such person on this incident."), subject=incident.subject)


def assignable(incident: Incident) -> QuerySet[User]:
    working = User.objects.filter(role__in=[Role.DEPUTY, Role.SUPERVISOR], is_active=True)
    return working.exclude(assignments__incident=incident).order_by("name", "pseudonym")
