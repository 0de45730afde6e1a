"""What the console says about outreach leads."""

from typing import Any

from registry.other_counties import selectors
from registry.other_counties.models import OutreachLead, county_name
from registry.other_counties.states import LEAD, LeadState


def counties() -> list[dict[str, Any]]:
    """Return the counties that have leads, each with its name, its numbers and its agency. Two queries."""
    counts = selectors.counts()
    agencies = selectors.agencies_of(count.county_fips for count in counts)
    return [
        {"name": county_name(count.county_fips), "count": count, "agency": agencies.get(count.county_fips)}
        for count in counts
    ]


def steps(lead: OutreachLead) -> list[tuple[str, str]]:
    """Return the steps that may be taken now, but for the end of the lead: the state and the words of each button."""
    return [(target, LEAD.label(target)) for target in LEAD.targets(lead.state) if target != LeadState.CLOSED]
