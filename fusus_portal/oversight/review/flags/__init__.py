"""Flags of a week of the log. Kinds of flags with the same evidence are in one module."""

from dataclasses import replace

from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import live_views, owners, searches, sign_ins
from fusus_portal.oversight.review.flags.kinds import Flag
from fusus_portal.oversight.review.week import Week

DETECTORS = (
    searches.call_flags,
    live_views.glass_flags,
    owners.home_flags,
    searches.hour_flags,
    owners.owner_flags,
    searches.reason_flags,
    live_views.refusal_flags,
    sign_ins.sign_in_flags,
    live_views.live_view_flags,
)


def found(week: Week) -> list[Flag]:
    """Return the flags of a week that has ended, farthest beyond the usual first."""
    flags = [flag for detect in DETECTORS for flag in detect(week)]
    named = [replace(flag, entries=flag.entries[: rules.ENTRIES_NAMED]) for flag in flags]
    return sorted(named, key=lambda flag: (-flag.weight, flag.kind, flag.person, flag.entries))
