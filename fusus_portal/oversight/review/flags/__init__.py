"""What stands out in a week. Its detection is not built yet: nothing is found."""

from fusus_portal.oversight.review.flags.contract import Flag
from fusus_portal.oversight.review.week import Week


def found(week: Week) -> list[Flag]:
    """Return what stands out in a week of the log."""
    del week
    return []
