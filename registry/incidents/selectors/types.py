"""The agency's list of crimes and emergencies."""

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
    """Return what an incident can be: crimes, then emergencies. own: the type that it has, retired or not."""
    listed_now = Q(retired_at__isnull=True) | Q(pk=own.pk if own else None)
    return IncidentType.objects.filter(listed_now).order_by("emergency", "name")


@dataclass(frozen=True, slots=True)
class Listed:
    """A type on the list, and how many incidents have it."""

    type: IncidentType
    incidents: int


def listed() -> list[Listed]:
    """Return the whole list; retired ones last. Two queries."""
    types = IncidentType.objects.select_related("retention")
    ordered = types.order_by(F("retired_at").asc(nulls_first=True), "emergency", "name")
    numbers = dict(Incident.objects.order_by().values_list("type").annotate(Count("pk")))
    return [Listed(each, numbers.get(each.pk, 0)) for each in ordered]


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


def labels(codes: Iterable[str]) -> dict[str, str]:
    """Return what types are called in the language of the page, by their codes; retired ones too."""
    return {found.code: found.label for found in IncidentType.objects.filter(code__in=list(codes))}
