"""Cameras of one owner, found or viewed by one person again and again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from audit.log.actors import ActorKind
from audit.log.events import Event
from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import looks
from fusus_portal.oversight.review.flags.calls import by_person
from fusus_portal.oversight.review.flags.contract import Flag, FlagKind
from fusus_portal.oversight.review.week import Week

# Each act is one transaction, so one search counts an owner with several cameras once. The camera of an owner who has
# left counts for itself. The database leaves out rows below the limits, so few remain.
AGAIN = """
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
SEEN = (Event.CAMERA_FOUND, Event.VIEW_STARTED)


@dataclass(frozen=True, slots=True)
class Again:
    """Finds and views of one owner by one person in four weeks. incidents, searches: numbers of incidents and acts."""

    person: str
    pseudonym: str
    incidents: int
    searches: int
    entries: tuple[int, ...]


def found(week: Week) -> list[Flag]:
    begin = week.end - rules.FEW_WEEKS
    made = {person: len(theirs) for person, theirs in by_person(looks.looks(begin, week.end)).items()}
    return flagged(_again(week), made)


def flagged(again: Iterable[Again], made: Mapping[str, int]) -> list[Flag]:
    """Return one flag a person, about the owner seen most: neighbors are found together. made: looks by account."""
    people: dict[str, list[Again]] = {}
    for one in again:
        if _is_often(one) and one.searches >= rules.SAME_OWNER_SHARE * made.get(one.person, 0):
            people.setdefault(one.person, []).append(one)
    return [_flag(theirs, made) for theirs in people.values()]


def _is_often(one: Again) -> bool:
    return one.incidents >= rules.SAME_OWNER_INCIDENTS or one.searches >= rules.SAME_OWNER_SEARCHES


def _flag(theirs: list[Again], made: Mapping[str, int]) -> Flag:
    most = max(theirs, key=lambda one: (one.searches, one.incidents, one.entries))
    facts = {
        "searches": most.searches,
        "incidents": most.incidents,
        "made": made[most.person],
        "owners": len(theirs),
    }
    weight = max(most.incidents / rules.SAME_OWNER_INCIDENTS, most.searches / rules.SAME_OWNER_SEARCHES)
    return Flag(FlagKind.SAME_OWNER, most.pseudonym, most.entries[: rules.ENTRIES_NAMED], facts, weight)


def _again(week: Week) -> list[Again]:
    asked: dict[str, Any] = {
        "begin": week.end - rules.FEW_WEEKS,
        "week": week.begin,
        "end": week.end,
        "events": [event.value for event in SEEN],
        "kind": ActorKind.USER.value,
        "incidents": rules.SAME_OWNER_INCIDENTS,
        "searches": rules.SAME_OWNER_SEARCHES,
    }
    with connection.cursor() as cursor:
        cursor.execute(AGAIN, asked)
        rows: list[tuple[str, str, int, int, list[int]]] = cursor.fetchall()
    return [Again(person, name, incidents, acts, tuple(ids)) for person, name, incidents, acts, ids in rows]
