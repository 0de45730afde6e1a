"""The agency's list of crimes and emergencies."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from fusus_portal.ground.queries import find_or_refuse
from registry.incidents.models.incidents import Incident
from registry.incidents.models.types import IncidentType, NumberFormat

LATEST = 20


def choosable(*, own: IncidentType | None = None) -> QuerySet[IncidentType]:
    """Return what an incident can be: crimes, then emergencies. own: the type that it has, retired or not."""
    listed_now = Q(retired_at__isnull=True) | Q(pk=own.pk if own else None)
    return IncidentType.objects.filter(listed_now).order_by("emergency", "name")


def listed() -> QuerySet[IncidentType]:
    """Return the whole list with `used`, the number of incidents of each; retired ones last."""
    each = Incident.objects.filter(type=OuterRef("pk")).order_by().values("type").annotate(number=Count("pk"))
    types = IncidentType.objects.select_related("retention").annotate(used=Coalesce(Subquery(each.values("number")), 0))
    return types.order_by(F("retired_at").asc(nulls_first=True), "emergency", "name")


def one(pk: UUID) -> IncidentType:
    """Return one type. Raises NotYours."""
    found = IncidentType.objects.select_related("retention").filter(pk=pk)
    return find_or_refuse(found, _("There is no such type."), subject=("incident-type", str(pk)))


def history_of(incident_type: IncidentType) -> Iterable[Any]:
    """Return what a type was before, latest first, with who changed it."""
    past = incident_type.history.select_related("history_user", "retention")
    rows: Iterable[Any] = past.order_by("-history_date")[:LATEST]
    return rows


def history_of_format() -> Iterable[Any]:
    """Return the formats that numbers had, latest first, with who chose them."""
    rows: Iterable[Any] = NumberFormat.history.select_related("history_user").order_by("-history_date")[:LATEST]
    return rows
