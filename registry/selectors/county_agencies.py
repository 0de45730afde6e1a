"""Agencies by county: whom to ask elsewhere."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.geo import counties_named
from fusus_portal.lifecycle import NotYours
from registry.models import CountyAgency


def of_county(county_fips: str) -> CountyAgency | None:
    """Return the agency of a county, where the table knows it."""
    return CountyAgency.objects.filter(county_fips=county_fips).first()


def of_counties(fips: Iterable[str]) -> Mapping[str, CountyAgency]:
    """Return the agencies of these counties by the county's code. One query."""
    return {agency.county_fips: agency for agency in CountyAgency.objects.filter(county_fips__in=list(fips))}


def found(text: str) -> QuerySet[CountyAgency]:
    """Return the agencies whose county's name or code, or whose own name, holds the text; all for ""."""
    agencies = CountyAgency.objects.order_by("county_fips")
    tidy = text.strip()
    if not tidy:
        return agencies
    named = [county.fips for county in counties_named(tidy)]
    return agencies.filter(Q(county_fips__startswith=tidy) | Q(county_fips__in=named) | Q(name__icontains=tidy))


def one(pk: UUID) -> CountyAgency:
    """Return one agency. Raises NotYours when there is none."""
    agency = CountyAgency.objects.filter(pk=pk).first()
    if agency is None:
        raise NotYours(_("There is no such agency."), subject=("county_agency", str(pk)))
    return agency
