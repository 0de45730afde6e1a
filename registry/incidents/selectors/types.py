from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.queries import find_or_refuse
from registry.incidents.models.incidents import Incident
from registry.incidents.models.types import IncidentType, NumberFormat

LATEST = 20


def choosable(*, own: IncidentType | None = None) -> QuerySet[IncidentType]:
    """Return the types to choose from: crimes, then emergencies. own: the incident's present type, retired or not."""
    listed_now = Q(retired_at__isnull=True) | Q(pk=own.pk if own else None)
    return IncidentType.objects.filter(listed_now).order_by("emergency", "name")


@dataclass(frozen=True, slots=True)
class Listed:
    type: IncidentType
    incidents: int


def listed() -> list[Listed]:
    """Return the whole list with numbers of incidents, retired types last, in two queries."""
    types = IncidentType.objects.select_related("retention")
    ordered = types.order_by(F("retired_at").asc(nulls_first=True), "emergency", "name")
    numbers = dict(Incident.objects.order_by().values_list("type").annotate(Count("pk")))
    return [Listed(each, numbers.get(each.pk, 0)) for each in ordered]


def one(pk: UUID) -> IncidentType:
    """Return a type. Raises NotYours."""
    found = IncidentType.objects.select_related("retention").filter(pk=pk)
    return find_or_refuse(found, _("There is no such type."), subject=("incident-type", str(pk)))


def history_of(incident_type: IncidentType) -> Iterable[Any]:
    past = incident_type.history.select_related("history_user", "retention")
    rows: Iterable[Any] = past.order_by("-history_date")[:LATEST]
    return rows


def history_of_format() -> Iterable[Any]:
    rows: Iterable[Any] = NumberFormat.history.select_related("history_user").order_by("-history_date")[:LATEST]
    return rows


def labels(codes: Iterable[str]) -> dict[str, str]:
    """Return the labels of types by code, in the language of the page; retired types too."""
    return {found.code: found.label for found in IncidentType.objects.filter(code__in=list(codes))}
