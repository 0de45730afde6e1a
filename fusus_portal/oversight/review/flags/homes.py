"""Searches and views near a person's home, for incidents that the same person opened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from audit.log.actors import ActorKind
from audit.log.events import Event
from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import looks
from fusus_portal.oversight.review.flags.contract import Flag, FlagKind
from fusus_portal.oversight.review.flags.looks import UNKNOWN, Call
from fusus_portal.oversight.review.week import Week

# The ZIP code stays in the database: a flag reveals that there were searches near home, but not the place.
NEAR = """
SELECT entry.actor_id, max(entry.actor_pseudonym), entry.incident_id::text, array_agg(entry.id ORDER BY entry.id)
FROM audit_entry entry
JOIN homes_homearea home ON home.account_id::text = entry.actor_id AND home.zip_code = entry.area
WHERE entry.at >= %(begin)s AND entry.at < %(end)s AND entry.event = ANY(%(events)s)
      AND entry.outcome = 'done' AND entry.actor_kind = %(kind)s
GROUP BY entry.actor_id, entry.incident_id
ORDER BY entry.actor_id, entry.incident_id
"""
SEEN = (Event.CAMERA_FOUND, Event.VIEW_STARTED)


@dataclass(frozen=True, slots=True)
class Near:
    """Cameras in the ZIP code of a person's home that they found or viewed for an incident."""

    person: str
    pseudonym: str
    incident: str
    entries: tuple[int, ...]


def found(week: Week) -> list[Flag]:
    near = _near(week)
    return flagged(near, looks.calls(one.incident for one in near))


def flagged(near: Iterable[Near], calls: Mapping[str, Call]) -> list[Flag]:
    people: dict[str, list[Near]] = {}
    for one in near:
        if calls.get(one.incident, UNKNOWN).opened_by == one.person:
            people.setdefault(one.person, []).append(one)
    flags = []
    for theirs in people.values():
        if len(theirs) >= rules.NEAR_HOME_INCIDENTS:
            entries = sorted(entry for one in theirs for entry in one.entries)
            facts = {"incidents": len(theirs), "cameras": len(entries)}
            weight = len(theirs) / rules.NEAR_HOME_INCIDENTS
            named = tuple(entries[: rules.ENTRIES_NAMED])
            flags.append(Flag(FlagKind.NEAR_HOME, theirs[-1].pseudonym, named, facts, weight))
    return flags


def _near(week: Week) -> list[Near]:
    asked: dict[str, Any] = {
        "begin": week.begin,
        "end": week.end,
        "events": [event.value for event in SEEN],
        "kind": ActorKind.USER.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEAR, asked)
        rows: list[tuple[str, str, str, list[int]]] = cursor.fetchall()
    return [Near(person, pseudonym, incident, tuple(ids)) for person, pseudonym, incident, ids in rows]
