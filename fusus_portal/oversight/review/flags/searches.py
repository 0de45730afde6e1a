"""Flags of searches and live views: without a call, at unusual hours, and for one reason again and again.

Owners' answers are never read (promise R4). The log has no place of an incident and needs none: no search reaches
farther than a mile from it. The log shows if anybody but the person who opened an incident confirmed it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from rapidfuzz import fuzz

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry
from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags.kinds import Flag, FlagKind, grouped
from fusus_portal.oversight.review.week import Week

SEARCH_EVENTS = (Event.CANVASS_DRAFTED, Event.CANVASS_CHANGED)
LOOK_EVENTS = (*SEARCH_EVENTS, Event.VIEW_STARTED)
"""Events of searches and live views. Each entry is one person's, for one incident, with the typed reason."""

CALL_EVENTS = (Event.INCIDENT_OPENED, Event.INCIDENT_VERIFIED, Event.INCIDENT_CLOSED)


@dataclass(frozen=True, slots=True)
class Look:
    """One search, or the start of a live view. entry, person: ids. reason: digest of the typed reason."""

    entry: int
    at: datetime
    person: str
    pseudonym: str
    incident: str
    reason: bytes | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """An incident, as the log has it: a call to dispatch, or not.

    opened_by: id of the account that opened it, "" for dispatch. opener: their pseudonym. is_known: dispatch opened or
    confirmed it. is_verified: dispatch or a second person did so. lapsed: nobody did in time. entries: ids for these.
    """

    opened_at: datetime | None = None
    opened_by: str = ""
    opener: str = ""
    is_known: bool = False
    is_verified: bool = False
    lapsed: bool = False
    entries: tuple[int, ...] = ()

    def was_fresh(self, look: Look, *, within: float) -> bool:
        """True if dispatch opened the incident at most `within` seconds before a look."""
        if self.opened_at is None or self.opened_by:
            return False
        return 0 <= (look.at - self.opened_at).total_seconds() <= within

    def is_own_of(self, person: str) -> bool:
        return self.opened_by == person and self.is_verified and not self.is_known


UNKNOWN_CALL = Call()
"""An incident that the log has no entry of."""


def looks_between(begin: datetime, end: datetime) -> list[Look]:
    return _looks(at__gte=begin, at__lt=end, actor_kind=ActorKind.USER)


def _looks(**wanted: Any) -> list[Look]:
    rows = AuditEntry.objects.filter(**wanted, event__in=LOOK_EVENTS, outcome="done").order_by("id")
    names = ("id", "at", "actor_id", "actor_pseudonym", "incident_id", "reason_digest")
    return [
        Look(entry, at, person, pseudonym, incident, bytes(reason) if reason else None)
        for entry, at, person, pseudonym, incident, reason in rows.values_list(*names)
    ]


def calls_of_incidents(incidents: Iterable[str]) -> Mapping[str, Call]:
    wanted = sorted({incident for incident in incidents if incident})
    rows = AuditEntry.objects.filter(incident_id__in=wanted, event__in=CALL_EVENTS).order_by("id")
    found: dict[str, Call] = {}
    for row in rows.only("id", "at", "event", "actor_kind", "actor_id", "actor_pseudonym", "incident_id", "facts"):
        found[row.incident_id] = _call_with(found.get(row.incident_id, UNKNOWN_CALL), row)
    return found


def ended_unverified(week: Week) -> Mapping[str, Call]:
    """Return the incidents that closed in a week without ever having been verified, by their ids."""
    closed = week.acts(Event.INCIDENT_CLOSED).values_list("incident_id", flat=True)
    found = calls_of_incidents(map(str, closed))
    return {incident: call for incident, call in found.items() if call.lapsed or not call.is_verified}


def _call_with(call: Call, row: AuditEntry) -> Call:
    by_person = row.actor_kind == ActorKind.USER
    opens, verifies = row.event == Event.INCIDENT_OPENED, row.event == Event.INCIDENT_VERIFIED
    return Call(
        opened_at=row.at if opens else call.opened_at,
        opened_by=row.actor_id if opens and by_person else call.opened_by,
        opener=row.actor_pseudonym if opens and by_person else call.opener,
        is_known=call.is_known or ((opens or verifies) and not by_person),
        is_verified=call.is_verified or verifies or (opens and not by_person),
        lapsed=call.lapsed or row.facts.get("flag") == "unverified",
        entries=(*call.entries, row.pk),
    )


def call_flags(week: Week, made: Sequence[Look], calls: Mapping[str, Call]) -> list[Flag]:
    """Return flags about calls. made: looks of the week. calls: those of their incidents."""
    ended = ended_unverified(week)
    without = _looks(incident_id__in=sorted(incident for incident, call in ended.items() if not call.is_verified))
    return [
        *people_without_call(without),
        *office_without_call(without, len(made)),
        *openers_without_dispatch(made, calls),
        *closed_unverified(ended, without),
    ]


def people_without_call(without: Iterable[Look]) -> list[Flag]:
    return [
        _no_call_flag(theirs, {"searches": len(theirs), "incidents": len({look.incident for look in theirs})})
        for theirs in grouped(without, lambda look: look.person).values()
        if len(theirs) >= rules.NO_CALL_SEARCHES
    ]


def office_without_call(without: Iterable[Look], made: int) -> list[Flag]:
    """Return one flag, about no person, if much of the week's work had no call. made: number of searches and views."""
    there = list(without)
    if len(there) < rules.NO_CALL_LEAST or len(there) < rules.NO_CALL_SHARE * made:
        return []
    share = round(100 * len(there) / max(made, len(there)))
    facts = {"searches": len(there), "made": made, "percent": share, "people": len({look.person for look in there})}
    return [_no_call_flag(there, facts, person="", weight=share / (100 * rules.NO_CALL_SHARE))]


def openers_without_dispatch(made: Iterable[Look], calls: Mapping[str, Call]) -> list[Flag]:
    """Return a flag for each person who mostly searches for own incidents that dispatch lacks; [] if it lacks most."""
    there = list(made)
    known = [look for look in there if calls.get(look.incident, UNKNOWN_CALL).is_known]
    if len(known) < rules.DISPATCH_SHARE * len(there):
        return []
    flags = []
    for theirs in grouped(there, lambda look: look.person).values():
        own = [look for look in theirs if calls.get(look.incident, UNKNOWN_CALL).is_own_of(look.person)]
        incidents = {look.incident for look in own}
        if len(incidents) >= rules.NO_CALL_OWN and len(own) > rules.NO_CALL_OWN_SHARE * len(theirs):
            facts = {"searches": len(own), "made": len(theirs), "incidents": len(incidents)}
            flags.append(_no_call_flag(own, facts, weight=len(incidents) / rules.NO_CALL_OWN))
    return flags


def closed_unverified(ended: Mapping[str, Call], without: Iterable[Look]) -> list[Flag]:
    lapsed = [incident for incident, call in ended.items() if call.lapsed]
    made = list(without)
    flags = []
    for opener, incidents in grouped(lapsed, lambda incident: ended[incident].opener).items():
        searched = [look.entry for look in made if look.incident in incidents]
        entries = sorted({*searched, *(entry for incident in incidents for entry in ended[incident].entries)})
        facts = {"incidents": len(incidents), "searches": len(searched)}
        flags.append(Flag(FlagKind.UNVERIFIED, opener, tuple(entries), facts, float(len(incidents))))
    return flags


def _no_call_flag(
    there: list[Look], facts: Mapping[str, int | str], *, person: str | None = None, weight: float | None = None
) -> Flag:
    entries = tuple(look.entry for look in there)
    who = there[-1].pseudonym if person is None else person
    return Flag(FlagKind.NO_CALL, who, entries, facts, weight or len(there) / rules.NO_CALL_SEARCHES)


HOURS_OF_DAY = 24
USUAL_HOURS = """
SELECT actor_id, extract(hour FROM at AT TIME ZONE %(zone)s)::int, (at AT TIME ZONE %(zone)s)::date
FROM audit_entry
WHERE hashtext(actor_id) = ANY(ARRAY(SELECT hashtext(person) FROM unnest(%(people)s::text[]) person))
      AND actor_id = ANY(%(people)s) AND actor_kind = %(kind)s AND at >= %(begin)s AND at < %(end)s
      AND outcome = 'done' AND event <> ALL(%(automatic)s)
GROUP BY 1, 2, 3
"""
AUTOMATIC_EVENTS = (Event.CAMERA_FOUND, Event.CAMERA_SHOWN, Event.CAMERA_ASKED, Event.VIEW_OFFERED, Event.VIEW_WATCHED)
"""Events with dozens of entries for one act, which has another entry of its own."""


@dataclass(frozen=True, slots=True)
class UsualHours:
    """A person's work. days: number of days with work. at: number of those days by hour on the agency's clock."""

    days: int = 0
    at: Mapping[int, int] = field(default_factory=dict)

    def is_odd(self, moment: datetime) -> bool:
        """True if this person nearly never works at that hour; False while only a few days of work are known."""
        if self.days < rules.ODD_DAYS_KNOWN:
            return False
        hour = timezone.localtime(moment).hour
        around = [self.at.get((hour + step) % HOURS_OF_DAY, 0) for step in (-1, 0, 1)]
        return max(around) < rules.ODD_SHARE * self.days


def hour_flags(week: Week, made: Iterable[Look], calls: Mapping[str, Call]) -> list[Flag]:
    """Return flags about unusual hours. made: looks of the week. calls: those of their incidents."""
    unexplained = looks_without_call(made, calls)
    return odd_hours(unexplained, usual_hours(week, unexplained))


def looks_without_call(made: Iterable[Look], calls: Mapping[str, Call]) -> dict[str, list[Look]]:
    """Return, by account, the looks without a fresh call of dispatch, of people with ODD_LOOKS or more of them."""
    within = rules.FRESH_CALL.total_seconds()
    left = [look for look in made if not calls.get(look.incident, UNKNOWN_CALL).was_fresh(look, within=within)]
    people = grouped(left, lambda look: look.person)
    return {person: theirs for person, theirs in people.items() if len(theirs) >= rules.ODD_LOOKS}


def odd_hours(unexplained: Mapping[str, list[Look]], known: Mapping[str, UsualHours]) -> list[Flag]:
    flags = []
    for person, theirs in unexplained.items():
        habit = known.get(person, UsualHours())
        odd = [look for look in theirs if habit.is_odd(look.at)]
        if len(odd) >= rules.ODD_LOOKS:
            hours = sorted({timezone.localtime(look.at).hour for look in odd})
            facts = {"searches": len(odd), "first_hour": hours[0], "last_hour": hours[-1], "days": habit.days}
            entries = tuple(look.entry for look in odd)
            flags.append(Flag(FlagKind.ODD_HOURS, odd[-1].pseudonym, entries, facts, len(odd) / rules.ODD_LOOKS))
    return flags


def usual_hours(week: Week, people: Iterable[str]) -> Mapping[str, UsualHours]:
    """Return people's hours of work in the three months before a week, by account."""
    rows = week.rows(
        USUAL_HOURS,
        zone=timezone.get_current_timezone_name(),
        begin=week.begin - rules.OWN_MONTHS,
        end=week.begin,
        people=sorted(people),
        automatic=[event.value for event in AUTOMATIC_EVENTS],
    )
    return {
        person: UsualHours(
            len({day for _person, _hour, day in theirs}), Counter(hour for _person, hour, _day in theirs)
        )
        for person, theirs in grouped(rows, lambda row: row[0]).items()
    }


def reason_flags(week: Week, looks: Sequence[Look]) -> list[Flag]:
    """Return flags about alike reasons. looks: those of four weeks up to the end of this one."""
    now = {look.person for look in looks if look.at >= week.begin}
    theirs = [look for look in looks if look.person in now]
    details = AuditDetail.objects.filter(digest__in={look.reason for look in theirs if look.reason})
    texts = {bytes(digest): text for digest, text in details.values_list("digest", "text")}
    return same_reasons(theirs, texts, week)


def same_reasons(made: Iterable[Look], texts: Mapping[bytes, str], week: Week) -> list[Flag]:
    """Return a flag for each person with one typed reason for many incidents. texts: unexpired reasons by digest."""
    flags = []
    for theirs in grouped(made, lambda look: look.person).values():
        worded = [(look, plain_reason(texts[look.reason])) for look in theirs if look.reason and look.reason in texts]
        groups = [
            group
            for group in grouped_by_reason(worded)
            if _number_of_incidents(group) >= rules.SAME_REASON_INCIDENTS and group[-1].at >= week.begin
        ]
        if groups:
            most = max(groups, key=_number_of_incidents)
            facts = {"incidents": _number_of_incidents(most), "searches": len(most), "reasons": len(groups)}
            entries = tuple(look.entry for look in most)
            weight = _number_of_incidents(most) / rules.SAME_REASON_INCIDENTS
            flags.append(Flag(FlagKind.SAME_REASON, most[-1].pseudonym, entries, facts, weight))
    return flags


def grouped_by_reason(worded: Iterable[tuple[Look, str]]) -> list[list[Look]]:
    """Return looks in groups of similar reasons, each in the order given. A reason is compared with a group's first."""
    groups: list[tuple[str, list[Look]]] = []
    for look, text in worded:
        for first, group in groups:
            if fuzz.token_sort_ratio(first, text) >= rules.ALIKE:
                group.append(look)
                break
        else:
            groups.append((text, [look]))
    return [group for _first, group in groups]


def plain_reason(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W\d_]+", " ", bare).split())


def _number_of_incidents(group: list[Look]) -> int:
    return len({look.incident for look in group})
