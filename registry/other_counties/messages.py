from collections.abc import Mapping

from fusus_portal.ground.notifications.kinds import Context
from registry.other_counties import selectors
from registry.other_counties.models import county_name


def outreach_report(context: Context) -> Mapping[str, object]:
    """Context: empty. The numbers are those of the moment of sending; no lead's person is read."""
    counts = selectors.counts()
    return {
        "counties": [
            {"name": county_name(count.county_fips), "total": count.total, "new": count.new} for count in counts
        ],
        "total": sum(count.total for count in counts),
    }
