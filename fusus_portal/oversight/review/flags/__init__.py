"""Flags of a week of the log: one module for each kind, or for kinds with the same evidence."""

from fusus_portal.oversight.review.flags import (
    calls,
    glass,
    homes,
    hours,
    live_views,
    owners,
    reasons,
    refusals,
    sign_ins,
)
from fusus_portal.oversight.review.flags.contract import Flag
from fusus_portal.oversight.review.week import Week

DETECTORS = (calls, glass, homes, hours, owners, reasons, refusals, sign_ins, live_views)


def found(week: Week) -> list[Flag]:
    """Return the flags of a week that has ended, farthest beyond the usual first."""
    flags = [flag for detector in DETECTORS for flag in detector.found(week)]
    return sorted(flags, key=lambda flag: (-flag.weight, flag.kind, flag.person, flag.entries))
