"""Searches and views without a call nearby, and incidents that closed unverified.

The log has no place of an incident and needs none: no search reaches farther than a mile from it. The log shows whether
anybody but its opener confirmed the incident.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import looks
from fusus_portal.oversight.review.flags.contract import Flag, FlagKind
from fusus_portal.oversight.review.flags.looks import UNKNOWN, Call, Look
from fusus_portal.oversight.review.week import Week


def found(week: Week) -> list[Flag]:
    ended = looks.ended_unverified(week.begin, week.end)
    without = looks.looks_for(incident for incident, call in ended.items() if not call.is_verified)
    made = looks.looks(week.begin, week.end)
    calls = looks.calls(look.incident for look in made)
    return [*of_people(without), *of_office(without, len(made)), *of_openers(made, calls), *closed(ended, without)]


def of_people(without: Iterable[Look]) -> list[Flag]:
    return [
        _flag(theirs, {"searches": len(theirs), "incidents": len({look.incident for look in theirs})})
        for theirs in by_person(without).values()
        if len(theirs) >= rules.NO_CALL_SEARCHES
    ]


def of_office(without: Iterable[Look], made: int) -> list[Flag]:
    """Return a flag about nobody if much of a week's work had no call. made: searches and views of the week."""
    there = list(without)
    if len(there) < rules.NO_CALL_LEAST or len(there) < rules.NO_CALL_SHARE * made:
        return []
    share = round(100 * len(there) / max(made, len(there)))
    facts = {"searches": len(there), "made": made, "percent": share, "people": len({look.person for look in there})}
    return [_flag(there, facts, person="", weight=share / (100 * rules.NO_CALL_SHARE))]


def of_openers(made: Iterable[Look], calls: Mapping[str, Call]) -> list[Flag]:
    """Return a flag for each person who searches mostly for incidents that dispatch does not know, if it knows most."""
    there = list(made)
    known = [look for look in there if calls.get(look.incident, UNKNOWN).is_known]
    if len(known) < rules.DISPATCH_SHARE * len(there):
        return []
    flags = []
    for theirs in by_person(there).values():
        own = [look for look in theirs if _is_own(look, calls.get(look.incident, UNKNOWN))]
        incidents = {look.incident for look in own}
        if len(incidents) >= rules.NO_CALL_OWN and len(own) > rules.NO_CALL_OWN_SHARE * len(theirs):
            facts = {"searches": len(own), "made": len(theirs), "incidents": len(incidents)}
            flags.append(_flag(own, facts, weight=len(incidents) / rules.NO_CALL_OWN))
    return flags


def closed(ended: Mapping[str, Call], without: Iterable[Look]) -> list[Flag]:
    searched = defaultdict(list)
    for look in without:
        searched[look.incident].append(look.entry)
    by_opener: dict[str, list[str]] = defaultdict(list)
    for incident, call in ended.items():
        if call.lapsed:
            by_opener[call.opener].append(incident)
    flags = []
    for opener, incidents in by_opener.items():
        entries = sorted({entry for one in incidents for entry in (*ended[one].entries, *searched[one])})
        facts = {"incidents": len(incidents), "searches": sum(len(searched[one]) for one in incidents)}
        named = tuple(entries[: rules.ENTRIES_NAMED])
        flags.append(Flag(FlagKind.UNVERIFIED, opener, named, facts, float(len(incidents))))
    return flags


def by_person(made: Iterable[Look]) -> dict[str, list[Look]]:
    people: dict[str, list[Look]] = defaultdict(list)
    for look in made:
        people[look.person].append(look)
    return people


def _is_own(look: Look, call: Call) -> bool:
    return call.opened_by == look.person and call.is_verified and not call.is_known


def _flag(
    there: list[Look], facts: Mapping[str, int | str], *, person: str | None = None, weight: float | None = None
) -> Flag:
    entries = tuple(look.entry for look in there[: rules.ENTRIES_NAMED])
    who = there[-1].pseudonym if person is None else person
    return Flag(FlagKind.NO_CALL, who, entries, facts, weight or len(there) / rules.NO_CALL_SEARCHES)
