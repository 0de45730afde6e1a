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


def steps(lead: OutreachLead) -> list[dict[str, Any]]:
    """Return the steps that may be taken now. is_end: the lead's person is deleted by it."""
    return [
        {"target": target, "label": LEAD.label(target), "is_end": target == LeadState.CLOSED}
        for target in LEAD.targets(lead.state)
    ]
