from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Stale
from registry.canvasses.models.approvals import Approval
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.states import CanvassState
from registry.incidents.models.incidents import Assignment
from registry.incidents.selectors import incidents
from registry.incidents.states import IncidentState


def current(canvass: Canvass) -> Approval | None:
    asked = Approval.objects.filter(canvass=canvass, voided_at__isnull=True)
    return asked.select_related("asked_by", "decided_by").first()


def open_question(canvass: Canvass) -> Approval:
    """Return the question that waits for a supervisor. Raises Stale if none does."""
    approval = current(canvass)
    if approval is None or canvass.state != CanvassState.WAITING:
        raise Stale(_("Nothing about this canvass waits for approval."), subject=canvass.subject)
    return approval


def waiting() -> QuerySet[Canvass]:
    rows = Canvass.objects.filter(state=CanvassState.WAITING, incident__state=IncidentState.OPEN)
    return rows.select_related("incident").order_by("created_at", "pk")


def to_decide(by: User) -> QuerySet[Canvass]:
    if by.role != Role.SUPERVISOR:
        return waiting().none()
    own = Approval.objects.filter(canvass=OuterRef("pk"), voided_at__isnull=True, asked_by=by)
    return waiting().exclude(created_by=by).filter(~Exists(own))


def decided(by: User) -> QuerySet[Canvass]:
    """Return the decided canvasses whose approval this person asked for, of open incidents."""
    asked = Approval.objects.filter(canvass=OuterRef("pk"), voided_at__isnull=True, asked_by=by)
    states = [CanvassState.APPROVED, CanvassState.DENIED]
    found = Canvass.objects.filter(Exists(asked), state__in=states, incident__in=incidents.mine(by).values("pk"))
    return found.select_related("incident").order_by("created_at", "pk")


def who_may_decide(approval: Approval) -> list[User]:
    """Return the supervisors to write to: those on the incident, else all; never those who asked or prepared it."""
    canvass = approval.canvass
    supervisors = User.objects.filter(role=Role.SUPERVISOR, is_active=True)
    others = supervisors.exclude(pk__in=[approval.asked_by_id, canvass.created_by_id]).order_by("pk")
    assigned: list[UUID] = list(Assignment.objects.filter(incident=canvass.incident).values_list("user_id", flat=True))
    return list(others.filter(pk__in=assigned)) or list(others)
