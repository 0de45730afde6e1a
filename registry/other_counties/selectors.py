"""Outreach leads as administrators see them: numbers first, and never a person in a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import NotYours
from registry.models import OutreachLead, Registrant
from registry.rules import REPORT_EVERY
from registry.states import LeadState


@dataclass(frozen=True, slots=True)
class CountyCount:
    """How many leads a county has that are not closed. waiting: nobody has asked yet. new: of the last seven days."""

    county_fips: str
    total: int
    waiting: int
    new: int


def counts() -> Sequence[CountyCount]:
    """Return the counties that have a lead, the one with most first. One query."""
    since = timezone.now() - REPORT_EVERY
    rows = (
        _going_on()
        .values("county_fips")
        .annotate(
            total=Count("pk"),
            waiting=Count("pk", filter=Q(state=LeadState.OPEN)),
            new=Count("pk", filter=Q(opened_at__gte=since)),
        )
        .order_by("-total", "county_fips")
    )
    return [CountyCount(**row) for row in rows]


def of_county(county_fips: str) -> QuerySet[OutreachLead]:
    """Return the leads of a county that are not closed, oldest first, without who they name."""
    return _going_on().filter(county_fips=county_fips).defer("name").order_by("opened_at", "pk")


def one(pk: UUID) -> OutreachLead:
    """Return a lead with its notes. Raises NotYours when there is none."""
    found = OutreachLead.objects.filter(pk=pk).prefetch_related("notes__written_by").first()
    if found is None:
        raise NotYours(_("There is no such lead."), subject=("lead", str(pk)))
    return found


def of_registrant(registrant: Registrant) -> QuerySet[OutreachLead]:
    """Return the person's own leads that are not closed, oldest first."""
    return registrant.leads.exclude(state=LeadState.CLOSED).order_by("opened_at", "pk")


def own(by: User, pk: UUID) -> OutreachLead:
    """Return one of a person's own leads. Raises NotYours."""
    found = OutreachLead.objects.filter(pk=pk, registrant__user=by).first()
    if found is None:
        raise NotYours(_("There is no such request to another county."), subject=("lead", str(pk)))
    return found


def _going_on() -> QuerySet[OutreachLead]:
    return OutreachLead.objects.exclude(state=LeadState.CLOSED)
