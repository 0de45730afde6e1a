from typing import Any

from registry.other_counties import selectors
from registry.other_counties.models import OutreachLead, county_name
from registry.other_counties.states import LEAD, LeadState


def counties() -> list[dict[str, Any]]:
    counts = selectors.counts()
    agencies = selectors.agencies_of(count.county_fips for count in counts)
    return [
        {"name": county_name(count.county_fips), "count": count, "agency": agencies.get(count.county_fips)}
        for count in counts
    ]


def steps(lead: OutreachLead) -> list[tuple[str, str]]:
    return [(target, LEAD.label(target)) for target in LEAD.targets(lead.state) if target != LeadState.CLOSED]
