"""Flags of a week of the log. Kinds of flags with the same evidence are in one module."""

from dataclasses import replace

from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import live_views, owners, searches, sign_ins
from fusus_portal.oversight.review.flags.kinds import Flag
from fusus_portal.oversight.review.week import Week


def found(week: Week) -> list[Flag]:
    """Return the flags of a week that has ended, farthest beyond the usual first."""
    looks = searches.looks_between(week.end - rules.FEW_WEEKS, week.end)
    made = [look for look in looks if look.at >= week.begin]
    calls = searches.calls_of_incidents(look.incident for look in made)
    flags = [
        *searches.call_flags(week, made, calls),
        *live_views.glass_flags(week),
        *owners.home_flags(week),
        *searches.hour_flags(week, made, calls),
        *owners.owner_flags(week, looks),
        *searches.reason_flags(week, looks),
        *live_views.refusal_flags(week),
        *sign_ins.sign_in_flags(week),
        *live_views.live_view_flags(week),
    ]
    named = [replace(flag, entries=flag.entries[: rules.ENTRIES_NAMED]) for flag in flags]
    return sorted(named, key=lambda flag: (-flag.weight, flag.kind, flag.person, flag.entries))
