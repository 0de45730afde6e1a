"""Agencies by county, and outreach leads for administrators: numbers first, never a person in a list."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.counties import counties_named
from fusus_portal.ground.lifecycle import find_or_refuse
from registry.other_counties.models import CountyAgency, OutreachLead
from registry.other_counties.states import LeadState
from registry.registrants.models import Registrant
from registry.rules import REPORT_EVERY


def agency_of(county_fips: str) -> CountyAgency | None:
    return CountyAgency.objects.filter(county_fips=county_fips).first()


def agencies_found(text: str) -> QuerySet[CountyAgency]:
    """Return agencies whose own name, or whose county's name or code, matches the text; all for ""."""
    agencies = CountyAgency.objects.order_by("county_fips")
    tidy = text.strip()
    if not tidy:
        return agencies
    named = [county.fips for county in counties_named(tidy)]
    return agencies.filter(Q(county_fips__startswith=tidy) | Q(county_fips__in=named) | Q(name__icontains=tidy))


def agency(pk: UUID) -> CountyAgency:
    """Return the agency of another county. Raises NotYours."""
    found = CountyAgency.objects.filter(pk=pk)
    return find_or_refuse(found, _("There is no such agency."), subject=("county_agency", str(pk)))


def waiting_leads() -> QuerySet[OutreachLead]:
    """Return the leads that nobody has worked on, oldest first, without people's names."""
    return OutreachLead.objects.filter(state=LeadState.OPEN).defer("name").order_by("opened_at", "pk")


def counts() -> list[Any]:
    """Return each county's numbers of leads: `total` not closed, `waiting` for contact, `new` since the last report."""
    since = timezone.now() - REPORT_EVERY
    return list(
        _going_on()
        .values("county_fips")
        .annotate(
            total=Count("pk"),
            waiting=Count("pk", filter=Q(state=LeadState.OPEN)),
            new=Count("pk", filter=Q(opened_at__gte=since)),
        )
        .order_by("-total", "county_fips")
        .values_list("county_fips", "total", "waiting", "new", named=True)
    )


def leads_of_county(county_fips: str) -> QuerySet[OutreachLead]:
    """Return the leads of a county that are not closed, oldest first, without people's names."""
    return _going_on().filter(county_fips=county_fips).defer("name").order_by("opened_at", "pk")


def lead(pk: UUID) -> OutreachLead:
    """Return an outreach lead with its notes. Raises NotYours."""
    found = OutreachLead.objects.filter(pk=pk).prefetch_related("notes__written_by")
    return find_or_refuse(found, _("There is no such lead."), subject=("lead", str(pk)))


def leads_of(registrant: Registrant) -> QuerySet[OutreachLead]:
    return registrant.leads.exclude(state=LeadState.CLOSED).order_by("opened_at", "pk")


def own_lead(by: User, pk: UUID) -> OutreachLead:
    """Return an outreach lead opened for this person. Raises NotYours."""
    found = OutreachLead.objects.filter(pk=pk, registrant__user=by)
    return find_or_refuse(found, _("There is no such request to another county."), subject=("lead", str(pk)))


def _going_on() -> QuerySet[OutreachLead]:
    return OutreachLead.objects.exclude(state=LeadState.CLOSED)
