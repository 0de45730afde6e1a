"""Which incidents a person sees."""

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
"""How long a flag stays on the start page of auditors and supervisors."""

FLAGS = 10


class IncidentStanding(TextChoices):
    """The state of an incident, as people look for it."""

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
    """Return the incidents that this person may see and looks for, latest first.

    number: a part of it. standing: one of STANDING. own: only those assigned to this person.
    """
    found = visible_to(by).filter(STANDING[standing])
    if own:
        found = found.filter(pk__in=Assignment.objects.filter(user=by).values("incident"))
    if number:
        found = found.filter(number__icontains=number.strip())
    return found.order_by("-opened_at", "pk")


def flagged(by: User) -> QuerySet[Incident]:
    """Return those that closed lately because nobody verified them, for auditors and supervisors. Latest first."""
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
    """Return the open incidents that are assigned to this person, latest first."""
    assigned = Assignment.objects.filter(user=by).values("incident")
    return visible_to(by).filter(pk__in=assigned, state=IncidentState.OPEN)


def unverified() -> QuerySet[Incident]:
    """Return the open incidents that nobody has verified, of everybody."""
    return Incident.objects.filter(~VERIFIED, state=IncidentState.OPEN)


def without_room(by: User) -> list[tuple[User, list[Incident]]]:
    """Return the other people who have as many open incidents that nobody has verified as one has, with these."""
    counted = unverified().exclude(opened_by=by).values("opened_by").annotate(number=Count("pk"))
    full = counted.filter(number__gte=Limits.current().unverified_incidents_open).values("opened_by")
    waiting = unverified().filter(opened_by__in=full, opened_by__is_active=True).select_related("opened_by")
    ordered = waiting.order_by("opened_by__pseudonym", "opened_at", "pk")
    return [(opener, list(own)) for opener, own in groupby(ordered, key=lambda incident: incident.opened_by)]


def unverified_of(by: User) -> QuerySet[Incident]:
    """Return the open incidents that this person opened and nobody has verified, latest first."""
    return visible_to(by).filter(~VERIFIED, state=IncidentState.OPEN, opened_by=by)


def assigned_among(pks: Iterable[UUID], by: User) -> set[UUID]:
    """Return those of these incidents that are assigned to this person."""
    return set(Assignment.objects.filter(user=by, incident__in=list(pks)).values_list("incident", flat=True))


def to_verify(by: User) -> QuerySet[Incident]:
    """Return the open incidents that this supervisor may verify, oldest first: who opened or changed one may not."""
    waiting = visible_to(by).filter(~VERIFIED, state=IncidentState.OPEN)
    if by.role != Role.SUPERVISOR:
        return waiting.none()
    changed = Incident.history.filter(id=OuterRef("pk"), changed_by=by)
    return waiting.exclude(opened_by=by).filter(~Exists(changed)).order_by("opened_at", "pk")


def to_be_verified(by: User) -> QuerySet[Incident]:
    """Return the open incidents of this person that somebody else has to verify, oldest first."""
    own = mine(by).filter(~VERIFIED)
    return own.exclude(pk__in=to_verify(by).order_by().values("pk")).order_by("opened_at", "pk")


def closed_by(by: User) -> QuerySet[Incident]:
    """Return the incidents that this person closed and may still open again, oldest first."""
    lately = timezone.now() - CLOSING_TAKEN_BACK_WITHIN
    closed = visible_to(by).filter(state=IncidentState.CLOSED, settled_at__isnull=True)
    return closed.filter(closed_by=by, closed_at__gt=lately).order_by("closed_at", "pk")


def one(by: User, pk: UUID) -> Incident:
    """Return an incident that this person may see. Raises NotYours."""
    return find_or_refuse(visible_to(by).filter(pk=pk), _("There is no such incident."), subject=("incident", str(pk)))


def sees(by: User, pk: UUID) -> bool:
    """Tell whether this person may see an incident."""
    return visible_to(by).filter(pk=pk).exists()


def by_number(by: User, number: str) -> Incident | None:
    """Return the incident of this number, typed as people type it, where this person may see it."""
    return visible_to(by).filter(number=number.strip().upper()).first()


def people_on(incident: Incident) -> QuerySet[User]:
    """Return who is assigned to an incident."""
    return User.objects.filter(assignments__incident=incident).order_by("pseudonym")


def person_on(incident: Incident, pk: UUID) -> User:
    """Return one of the people assigned to an incident. Raises NotYours."""
    found = people_on(incident).filter(pk=pk)
    return find_or_refuse(found, _("There is no such person on this incident."), subject=incident.subject)


def assignable(incident: Incident) -> QuerySet[User]:
    """Return the deputies and supervisors who are not on an incident yet."""
    working = User.objects.filter(role__in=[Role.DEPUTY, Role.SUPERVISOR], is_active=True)
    return working.exclude(assignments__incident=incident).order_by("name", "pseudonym")
