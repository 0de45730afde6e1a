from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.queries import find_or_refuse
from registry.incidents.models.incidents import Assignment, Incident
from registry.incidents.selectors import incidents
from registry.incidents.states import IncidentState
from registry.joins.models import JoinQuestion
from registry.joins.states import JoinState
from registry.rules import JOIN_DAY, JOIN_TOLD_FOR


def incident_of(number: str) -> Incident | None:
    """Return the incident of a number, visible or not: only for the row of a question."""
    return Incident.objects.select_related("type").filter(number=number).first()


def asked_lately(by: User) -> int:
    return JoinQuestion.objects.filter(asked_by=by, asked_at__gt=timezone.now() - JOIN_DAY).count()


def own_waiting(by: User) -> QuerySet[JoinQuestion]:
    """Return a person's questions whose time is not over, but for admitted ones, the latest first.

    About no incident, about a closed one, declined or not answered: they look alike.
    """
    rows = JoinQuestion.objects.filter(asked_by=by, ends_at__gt=timezone.now())
    return rows.exclude(state=JoinState.ADMITTED).order_by("-asked_at", "pk")


def own_admitted(by: User) -> QuerySet[JoinQuestion]:
    rows = JoinQuestion.objects.filter(asked_by=by, state=JoinState.ADMITTED, incident__in=incidents.mine(by))
    lately = rows.filter(answered_at__gt=timezone.now() - JOIN_TOLD_FOR)
    return lately.select_related("incident__type").order_by("-answered_at", "pk")


def of_incident(incident: Incident) -> QuerySet[JoinQuestion]:
    return waiting().filter(incident=incident)


def to_answer(by: User) -> QuerySet[JoinQuestion]:
    """Return the questions that wait for this person, the oldest first.

    For verified incidents those that they work on. Supervisors also answer for unverified incidents that they did not
    open, and for verified ones that nobody works on, such as dispatch opens.
    """
    rows = waiting().filter(incident__in=incidents.visible_to(by).order_by())
    people = Assignment.objects.filter(incident=OuterRef("incident"), user__is_active=True)
    own = Q(Exists(people.filter(user=by)))
    verified = Q(incident__verified_at__isnull=False) | Q(incident__confirmed_at__isnull=False)
    if not has(by.role, Permission.VERIFY_INCIDENT):
        return rows.filter(own & verified)
    others = Q(incident__opened_by__isnull=True) | ~Q(incident__opened_by=by)
    return rows.filter((verified & (own | ~Exists(people))) | (~verified & others))


def one(incident: Incident, pk: UUID) -> JoinQuestion:
    """Return a question about an incident. Raises NotYours."""
    rows = JoinQuestion.objects.filter(incident=incident, pk=pk)
    return find_or_refuse(rows, _("There is no such question."), subject=("join", str(pk)))


def waiting() -> QuerySet[JoinQuestion]:
    on_it = Assignment.objects.filter(incident=OuterRef("incident"), user=OuterRef("asked_by"))
    rows = JoinQuestion.objects.filter(
        ~Exists(on_it),
        state=JoinState.ASKED,
        ends_at__gt=timezone.now(),
        incident__state=IncidentState.OPEN,
        asked_by__is_active=True,
    )
    return rows.select_related("asked_by", "incident__type").order_by("asked_at", "pk")
