"""Flags of live views: long views, repeated extensions, alarms of watch-hours, broken glass; and of repeated refusals.

An act that came too late is no refusal here. Refusals that are counted reveal no owner's answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max, Min

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags.kinds import Flag, FlagKind, grouped
from fusus_portal.oversight.review.flags.sign_ins import stretches
from fusus_portal.oversight.review.week import Week
from integration.rules import WATCHED_EVERY

MINUTES = int(WATCHED_EVERY / timedelta(minutes=1))
"""Minutes that one entry of a watched camera covers."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Minutes that one person watched one camera in a week. first, last: ids of the first and last entry."""

    person: str
    pseudonym: str
    camera: str
    minutes: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Longer:
    """Extensions of a camera's views by one person ("view"), or renewals for one incident ("declaration")."""

    what: str
    pseudonym: str
    times: int
    entries: tuple[int, ...]


def live_view_flags(week: Week) -> list[Flag]:
    extended = _longer(week, Event.VIEW_EXTENDED, "view", "actor_id", "incident_id", "camera_id")
    # Renewals are by incident, not by person: each may be another supervisor's.
    renewed = _longer(week, Event.CRITICAL_RENEWED, "declaration", "incident_id")
    flagged = week.acts(Event.WATCH_FLAGGED).order_by("id")
    return [*long_views(_watched(week)), *repeated_extensions([*extended, *renewed]), *watch_hours(flagged)]


def long_views(watched: Iterable[Watched]) -> list[Flag]:
    flags = []
    for theirs in grouped(watched, lambda one: one.person).values():
        longest, total = max(theirs, key=lambda one: one.minutes), sum(one.minutes for one in theirs)
        weight = max(longest.minutes / rules.LONG_VIEW_MINUTES, total / rules.LONG_VIEWS_MINUTES)
        if weight > 1:
            entries = sorted({entry for one in theirs for entry in (one.first, one.last)})[: rules.ENTRIES_NAMED]
            facts = {"minutes": total, "longest": longest.minutes, "cameras": len(theirs)}
            flags.append(Flag(FlagKind.LONG_VIEWS, longest.pseudonym, tuple(entries), facts, weight))
    return flags


def repeated_extensions(longer: Iterable[Longer]) -> list[Flag]:
    limits = {"view": rules.EXTENDED_TIMES, "declaration": rules.RENEWED_TIMES}
    return [
        Flag(
            FlagKind.EXTENSIONS,
            one.pseudonym,
            one.entries[: rules.ENTRIES_NAMED],
            {"what": one.what, "times": one.times},
            one.times / limits[one.what],
        )
        for one in longer
        if one.times >= limits[one.what]
    ]


def watch_hours(entries: Iterable[AuditEntry]) -> list[Flag]:
    flags = []
    for about, theirs in grouped(entries, lambda entry: str(entry.facts["about"])).items():
        most = max(theirs, key=lambda entry: int(entry.facts["seconds"]))
        seconds, usual = int(most.facts["seconds"]), int(most.facts["usual_seconds"])
        facts: dict[str, int | str] = {"about": about, "found": len(theirs), "seconds": seconds, "usual_seconds": usual}
        ids = tuple(entry.pk for entry in theirs[: rules.ENTRIES_NAMED])
        flags.append(Flag(FlagKind.WATCH_HOURS, "", ids, facts, seconds / max(usual, 1)))
    return flags


def _watched(week: Week) -> list[Watched]:
    watched = week.acts(Event.VIEW_WATCHED).values_list("actor_id", "camera_id")
    rows = watched.annotate(name=Max("actor_pseudonym"), number=Count("id"), first=Min("id"), last=Max("id"))
    return [
        Watched(person, name, str(camera), MINUTES * number, first, last)
        for person, camera, name, number, first, last in rows.order_by("actor_id", "camera_id")
    ]


def _longer(week: Week, event: Event, what: str, *by: str) -> list[Longer]:
    ids = ArrayAgg("id", order_by=F("id").asc())
    rows = week.acts(event).values(*by).annotate(name=Max("actor_pseudonym"), number=Count("id"), ids=ids)
    return [Longer(what, row["name"], row["number"], tuple(row["ids"])) for row in rows.order_by(*by)]


GLASS_BROKEN = (Event.GLASS_BROKEN, Event.GLASS_OVERDUE)
GLASS_STORY = (Event.GLASS_ASKED, *GLASS_BROKEN, Event.GLASS_JUSTIFIED)


def glass_flags(week: Week) -> list[Flag]:
    broken = week.acts(*GLASS_BROKEN).order_by("id").values_list("subject_kind", "subject_id")
    return [_glass_flag(kind, subject) for kind, subject in dict.fromkeys(broken)]


def _glass_flag(kind: str, subject: str) -> Flag:
    rows = AuditEntry.objects.filter(subject_kind=kind, subject_id=subject, event__in=GLASS_STORY, outcome="done")
    story = list(rows.order_by("id"))
    events = {entry.event for entry in story}
    asked = next((entry for entry in story if entry.event == Event.GLASS_ASKED), story[0])
    overdue = Event.GLASS_OVERDUE in events
    standing = "overdue" if overdue else "justified" if Event.GLASS_JUSTIFIED in events else "waiting"
    entries = tuple(entry.pk for entry in story)
    return Flag(FlagKind.GLASS, asked.actor_pseudonym, entries, {"justification": standing}, 2.0 if overdue else 1.0)


REFUSAL_EVENTS = (Event.ACT_REFUSED, Event.ACT_NOT_FOUND, Event.VIEW_REFUSED)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One entry of a refused act. times: tries within a minute that the entry counts."""

    entry: int
    at: datetime
    person: str
    pseudonym: str
    times: int = 1


def refusal_flags(week: Week) -> list[Flag]:
    rows = AuditEntry.objects.filter(at__gte=week.begin, at__lt=week.end, event__in=REFUSAL_EVENTS, outcome="refused")
    people = rows.filter(actor_kind=ActorKind.USER, actor_role__in=sorted(AGENCY_ROLES)).order_by("id")
    names = ("id", "at", "actor_id", "actor_pseudonym", "facts")
    return repeated_refusals(
        Refusal(entry, at, person, pseudonym, int(facts.get("count", 1)))
        for entry, at, person, pseudonym, facts in people.values_list(*names)
    )


def repeated_refusals(refusals: Iterable[Refusal]) -> list[Flag]:
    flags = []
    for theirs in grouped(refusals, lambda refusal: refusal.person).values():
        worst = max(stretches(theirs, rules.REFUSED_WITHIN), key=_number_of_times)
        if _number_of_times(worst) >= rules.REFUSED_TIMES:
            entries = tuple(one.entry for one in worst[: rules.ENTRIES_NAMED])
            facts = {"times": _number_of_times(worst), "week": _number_of_times(theirs)}
            weight = _number_of_times(worst) / rules.REFUSED_TIMES
            flags.append(Flag(FlagKind.REFUSED, worst[-1].pseudonym, entries, facts, weight))
    return flags


def _number_of_times(theirs: Iterable[Refusal]) -> int:
    return sum(one.times for one in theirs)
