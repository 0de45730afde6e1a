"""Flags of finding or viewing cameras of one owner again and again, or near the person's own home."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from audit.log.events import Event
from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import searches
from fusus_portal.oversight.review.flags.kinds import Flag, FlagKind, grouped
from fusus_portal.oversight.review.flags.searches import UNKNOWN_CALL, Call, Look
from fusus_portal.oversight.review.week import Week

# Each act is one transaction, so one search counts an owner with several cameras once. The camera of an owner who has
# left counts for itself. The database leaves out rows below the limits, so few remain.
SAME_OWNER = """
WITH seen AS (
    SELECT entry.id, entry.at, entry.actor_id, entry.actor_pseudonym, entry.incident_id, entry.transaction,
           coalesce(place.registrant_id, entry.camera_id) AS owner
    FROM audit_entry entry
    LEFT JOIN registry_camera camera ON camera.id = entry.camera_id
    LEFT JOIN registry_premises place ON place.id = camera.premises_id
    WHERE entry.at >= %(begin)s AND entry.at < %(end)s AND entry.event = ANY(%(events)s)
          AND entry.outcome = 'done' AND entry.actor_kind = %(kind)s
)
SELECT actor_id, max(actor_pseudonym), count(DISTINCT incident_id), count(DISTINCT (transaction, incident_id)),
       array_agg(id ORDER BY id)
FROM seen
GROUP BY actor_id, owner
HAVING max(at) >= %(week)s AND (count(DISTINCT incident_id) >= %(incidents)s
       OR count(DISTINCT (transaction, incident_id)) >= %(searches)s)
"""
SEEN = [Event.CAMERA_FOUND.value, Event.VIEW_STARTED.value]


class SameOwner(NamedTuple):
    """A person's searches that found, and views of, one owner's cameras in four weeks. incidents, searches: counts."""

    person: str
    pseudonym: str
    incidents: int
    searches: int
    entries: Sequence[int]


def owner_flags(week: Week, looks: Iterable[Look]) -> list[Flag]:
    """Return flags about one owner. looks: those of four weeks up to the end of this one."""
    since = week.end - rules.FEW_WEEKS
    limits = {"incidents": rules.SAME_OWNER_INCIDENTS, "searches": rules.SAME_OWNER_SEARCHES}
    again = week.rows(SAME_OWNER, begin=since, week=week.begin, events=SEEN, **limits)
    return same_owners((SameOwner(*row) for row in again), Counter(look.person for look in looks))


def same_owners(again: Iterable[SameOwner], made: Mapping[str, int]) -> list[Flag]:
    """Return one flag a person, about the owner seen most: a search finds neighbors too. made: looks by person."""
    often = [
        one
        for one in again
        if (one.incidents >= rules.SAME_OWNER_INCIDENTS or one.searches >= rules.SAME_OWNER_SEARCHES)
        and one.searches >= rules.SAME_OWNER_SHARE * made.get(one.person, 0)
    ]
    flags = []
    for person, theirs in grouped(often, lambda one: one.person).items():
        most = max(theirs, key=lambda one: (one.searches, one.incidents, one.entries))
        numbers = {"searches": most.searches, "incidents": most.incidents}
        facts = {**numbers, "made": made[person], "owners": len(theirs)}
        weight = max(most.incidents / rules.SAME_OWNER_INCIDENTS, most.searches / rules.SAME_OWNER_SEARCHES)
        flags.append(Flag(FlagKind.SAME_OWNER, most.pseudonym, tuple(most.entries), facts, weight))
    return flags


# The ZIP code stays in the database: a flag reveals that there were searches near home, but not the place.
NEAR_HOME = """
SELECT entry.actor_id, max(entry.actor_pseudonym), entry.incident_id::text, array_agg(entry.id ORDER BY entry.id)
FROM audit_entry entry
JOIN homes_homearea home ON home.account_id::text = entry.actor_id AND home.zip_code = entry.area
WHERE entry.at >= %(begin)s AND entry.at < %(end)s AND entry.event = ANY(%(events)s)
      AND entry.outcome = 'done' AND entry.actor_kind = %(kind)s
GROUP BY entry.actor_id, entry.incident_id
ORDER BY entry.actor_id, entry.incident_id
"""


class Near(NamedTuple):
    """Cameras in the ZIP code of a person's own home that they found or viewed for one incident."""

    person: str
    pseudonym: str
    incident: str
    entries: Sequence[int]


def home_flags(week: Week) -> list[Flag]:
    near = [Near(*row) for row in week.rows(NEAR_HOME, events=SEEN)]
    return near_homes(near, searches.calls_of_incidents(one.incident for one in near))


def near_homes(near: Iterable[Near], calls: Mapping[str, Call]) -> list[Flag]:
    own = [one for one in near if calls.get(one.incident, UNKNOWN_CALL).opened_by == one.person]
    flags = []
    for theirs in grouped(own, lambda one: one.person).values():
        if len(theirs) >= rules.NEAR_HOME_INCIDENTS:
            entries = tuple(sorted(entry for one in theirs for entry in one.entries))
            facts = {"incidents": len(theirs), "cameras": len(entries)}
            weight = len(theirs) / rules.NEAR_HOME_INCIDENTS
            flags.append(Flag(FlagKind.NEAR_HOME, theirs[-1].pseudonym, entries, facts, weight))
    return flags
