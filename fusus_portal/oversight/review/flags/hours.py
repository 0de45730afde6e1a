"""Searches and views at hours when their person usually does not work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from audit.log.actors import ActorKind
from audit.log.events import Event
from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import looks
from fusus_portal.oversight.review.flags.calls import by_person
from fusus_portal.oversight.review.flags.contract import Flag, FlagKind
from fusus_portal.oversight.review.flags.looks import UNKNOWN, Call, Look
from fusus_portal.oversight.review.week import Week

DAY = 24
USUAL = """
SELECT actor_id, extract(hour FROM at AT TIME ZONE %(zone)s)::int, (at AT TIME ZONE %(zone)s)::date
FROM audit_entry
WHERE hashtext(actor_id) = ANY(ARRAY(SELECT hashtext(person) FROM unnest(%(people)s::text[]) person))
      AND actor_id = ANY(%(people)s) AND actor_kind = %(kind)s AND at >= %(begin)s AND at < %(end)s
      AND outcome = 'done' AND event <> ALL(%(automatic)s)
GROUP BY 1, 2, 3
"""
AUTOMATIC = (Event.CAMERA_FOUND, Event.CAMERA_SHOWN, Event.CAMERA_ASKED, Event.VIEW_OFFERED, Event.VIEW_WATCHED)
"""Entries that one act makes by the dozen; the act has an entry of its own."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Days of work, and days with work at each hour of the agency's clock."""

    days: int = 0
    at: Mapping[int, int] = field(default_factory=dict)

    def is_odd(self, moment: datetime) -> bool:
        """True if this person nearly never works at that hour. A few days of work say nothing yet."""
        if self.days < rules.ODD_DAYS_KNOWN:
            return False
        hour = timezone.localtime(moment).hour
        around = [self.at.get((hour + step) % DAY, 0) for step in (-1, 0, 1)]
        return max(around) < rules.ODD_SHARE * self.days


NOTHING = Usual()


def found(week: Week) -> list[Flag]:
    made = looks.looks(week.begin, week.end)
    unexplained = without_call(made, looks.calls(look.incident for look in made))
    return flagged(unexplained, usual(week, unexplained))


def without_call(made: Iterable[Look], calls: Mapping[str, Call]) -> dict[str, list[Look]]:
    """Return, by account, the looks that no fresh call of dispatch explains, for people with several."""
    within = rules.FRESH_CALL.total_seconds()
    left = by_person(look for look in made if not calls.get(look.incident, UNKNOWN).was_fresh(look, within=within))
    return {person: theirs for person, theirs in left.items() if len(theirs) >= rules.ODD_LOOKS}


def flagged(unexplained: Mapping[str, list[Look]], known: Mapping[str, Usual]) -> list[Flag]:
    flags = []
    for person, theirs in unexplained.items():
        habit = known.get(person, NOTHING)
        odd = [look for look in theirs if habit.is_odd(look.at)]
        if len(odd) >= rules.ODD_LOOKS:
            hours = sorted({timezone.localtime(look.at).hour for look in odd})
            facts = {"searches": len(odd), "first_hour": hours[0], "last_hour": hours[-1], "days": habit.days}
            entries = tuple(look.entry for look in odd[: rules.ENTRIES_NAMED])
            flags.append(Flag(FlagKind.ODD_HOURS, odd[-1].pseudonym, entries, facts, len(odd) / rules.ODD_LOOKS))
    return flags


def usual(week: Week, people: Iterable[str]) -> Mapping[str, Usual]:
    """Return people's hours of work in the months before a week, by account. Reads only entries of these people."""
    asked: dict[str, Any] = {
        "zone": timezone.get_current_timezone_name(),
        "begin": week.begin - rules.OWN_MONTHS,
        "end": week.begin,
        "kind": ActorKind.USER.value,
        "people": sorted(people),
        "automatic": [event.value for event in AUTOMATIC],
    }
    days: dict[str, set[object]] = {}
    hours: dict[str, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(USUAL, asked)
        for person, hour, day in cursor.fetchall():
            days.setdefault(person, set()).add(day)
            at = hours.setdefault(person, {})
            at[hour] = at.get(hour, 0) + 1
    return {person: Usual(len(days[person]), hours[person]) for person in days}
