"""Agencies of the counties around, and two people who moved there. All invented."""

from django.db import transaction

from fusus_portal.ground.accounts.models import User
from registry.other_counties import services as other_counties
from registry.other_counties.models import CountyAgency, OutreachLead
from registry.other_counties.services import AgencyDetails
from registry.people.models import Registrant

SHELBY = "01117"
AGENCIES = [
    AgencyDetails(SHELBY, "Shelby County Sheriff (demo)", "205-555-0171", "", "https://shelby.example/cameras"),
    AgencyDetails("01009", "Blount County Sheriff (demo)", "205-555-0172", "cameras@blount.example", ""),
    AgencyDetails("01115", "St. Clair County Sheriff (demo)", "205-555-0173", "", "https://stclair.example/cameras"),
    AgencyDetails("01125", "Tuscaloosa County Sheriff (demo)", "205-555-0174", "", ""),
    AgencyDetails("01127", "Walker County Sheriff (demo)", "205-555-0175", "cameras@walker.example", ""),
]


def neighbors(*, administrator: User, people: list[Registrant]) -> None:
    known = set(CountyAgency.objects.values_list("county_fips", flat=True))
    for details in AGENCIES:
        if details.county_fips not in known:
            other_counties.add_agency(by=administrator, details=details)
    if not OutreachLead.objects.exists():
        first, second = people[-2:]
        _lead(first, "01007", with_contact=True)
        _lead(second, SHELBY, with_contact=False)


@transaction.atomic
def _lead(registrant: Registrant, county_fips: str, *, with_contact: bool) -> None:
    other_counties.open_lead(
        registrant=registrant, county_fips=county_fips, with_contact=with_contact, actor=registrant.user.actor
    )
