from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.queries import find_or_refuse
from registry.incidents.models.dispatch import DispatchDelivery, DispatchKey, DispatchRecord
from registry.incidents.models.incidents import Incident, IncidentSource
from registry.incidents.models.types import IncidentType
from registry.incidents.states import IncidentState

LATEST = 20
WAITING = 20

DIFFERS = Q(differs_at__isnull=False, settled_at__isnull=True)


def all_keys() -> QuerySet[DispatchKey]:
    """Return all keys: those in use or proposed, then retired ones, latest first."""
    people = ("proposed_by", "approved_by", "retired_by")
    return DispatchKey.objects.select_related(*people).order_by("-retired_at", "-proposed_at")


def key(pk: UUID) -> DispatchKey:
    """Return a key. Raises NotYours."""
    found = DispatchKey.objects.filter(pk=pk)
    return find_or_refuse(found, _("There is no such key."), subject=("dispatch-key", str(pk)))


def proposed_keys() -> QuerySet[DispatchKey]:
    return DispatchKey.objects.filter(approved_at__isnull=True, retired_at__isnull=True).order_by("proposed_at", "pk")


def latest_deliveries() -> QuerySet[DispatchDelivery]:
    return DispatchDelivery.objects.select_related("key", "uploaded_by").order_by("-received_at")[:LATEST]


def codes() -> QuerySet[IncidentType]:
    return IncidentType.objects.filter(retired_at__isnull=True).order_by("code")


def record_of(incident: Incident) -> DispatchRecord:
    """Return the report of dispatch about an incident. Raises NotYours without one."""
    found = DispatchRecord.objects.select_related("incident__type").filter(incident=incident)
    return find_or_refuse(found, _("Dispatch has said nothing of this incident."), subject=incident.subject)


def unsettled() -> QuerySet[DispatchRecord]:
    return DispatchRecord.objects.filter(DIFFERS).select_related("incident__type").order_by("differs_at")


def differing(by: User) -> QuerySet[DispatchRecord]:
    return unsettled()[:WAITING] if by.role == Role.SUPERVISOR else DispatchRecord.objects.none()


def with_nobody() -> QuerySet[Incident]:
    rows = Incident.objects.filter(source=IncidentSource.DISPATCH, state=IncidentState.OPEN, assignments__isnull=True)
    return rows.select_related("type").order_by("opened_at")


def without_people(by: User) -> QuerySet[Incident]:
    return with_nobody()[:WAITING] if by.role == Role.SUPERVISOR else Incident.objects.none()
