"""What the console says about outreach leads."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.other_counties import selectors
from registry.other_counties.models import CountyAgency, OutreachLead, county_name
from registry.other_counties.selectors import CountyCount
from registry.other_counties.states import LEAD, LeadState

__all__ = ["CountyLine", "Step", "counties", "county_name", "steps"]


@dataclass(frozen=True, slots=True)
class CountyLine:
    """One county with its numbers, and its agency where the table knows it."""

    count: CountyCount
    agency: CountyAgency | None

    @property
    def name(self) -> str:
        """The county as people call it."""
        return county_name(self.count.county_fips)


@dataclass(frozen=True, slots=True)
class Step:
    """A button: where it leads, and what it says."""

    target: str
    label: str

    @property
    def is_end(self) -> bool:
        """Whether the lead's person is deleted by it."""
        return self.target == LeadState.CLOSED


def counties() -> Sequence[CountyLine]:
    """Return the counties that have leads. Two queries."""
    counts = selectors.counts()
    agencies = selectors.agencies_of(count.county_fips for count in counts)
    return [CountyLine(count, agencies.get(count.county_fips)) for count in counts]


def steps(lead: OutreachLead) -> Sequence[Step]:
    """Return the steps that may be taken now."""
    return [Step(target, LEAD.label(target)) for target in LEAD.targets(lead.state)]
