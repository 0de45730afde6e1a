"""Flags of live views: long views, repeated extensions, alarms of watch-hours, broken glass; and of repeated refusals.

An act that came too late is no refusal here. Refusals that are counted reveal no owner's answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max, Min, Value

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

Row = Mapping[str, Any]


def live_view_flags(week: Week) -> list[Flag]:
    extended = _longer(week, Event.VIEW_EXTENDED, "view", "actor_id", "incident_id", "camera_id")
    # Renewals are by incident, not by person: each may be another supervisor's.
    renewed = _longer(week, Event.CRITICAL_RENEWED, "declaration", "incident_id")
    flagged = week.acts(Event.WATCH_FLAGGED).order_by("id")
    return [*long_views(_watched(week)), *repeated_extensions([*extended, *renewed]), *watch_hours(flagged)]


def long_views(watched: Iterable[Row]) -> list[Flag]:
    """Return a flag for each person with long views. watched: minutes, first and last entry by person and camera."""
    flags = []
    for theirs in grouped(watched, lambda row: str(row["actor_id"])).values():
        longest, total = max(theirs, key=lambda row: int(row["minutes"])), sum(row["minutes"] for row in theirs)
        weight = max(longest["minutes"] / rules.LONG_VIEW_MINUTES, total / rules.LONG_VIEWS_MINUTES)
        if weight > 1:
            entries = sorted({row[end] for row in theirs for end in ("first", "last")})
            facts = {"minutes": total, "longest": longest["minutes"], "cameras": len(theirs)}
            flags.append(Flag(FlagKind.LONG_VIEWS, longest["pseudonym"], tuple(entries), facts, weight))
    return flags


def repeated_extensions(longer: Iterable[Row]) -> list[Flag]:
    """Return a flag for each row with many extensions of one person's views of a camera, or renewals of an incident."""
    limits = {"view": rules.EXTENDED_TIMES, "declaration": rules.RENEWED_TIMES}
    flags = []
    for row in longer:
        facts, weight = {name: row[name] for name in ("what", "times")}, row["times"] / limits[row["what"]]
        if weight >= 1:
            flags.append(Flag(FlagKind.EXTENSIONS, row["pseudonym"], tuple(row["entries"]), facts, weight))
    return flags


def watch_hours(entries: Iterable[AuditEntry]) -> list[Flag]:
    flags = []
    for about, theirs in grouped(entries, lambda entry: str(entry.facts["about"])).items():
        most = max(theirs, key=lambda entry: int(entry.facts["seconds"]))
        seconds, usual = int(most.facts["seconds"]), int(most.facts["usual_seconds"])
        facts: dict[str, int | str] = {"about": about, "found": len(theirs), "seconds": seconds, "usual_seconds": usual}
        ids = tuple(entry.pk for entry in theirs)
        flags.append(Flag(FlagKind.WATCH_HOURS, "", ids, facts, seconds / max(usual, 1)))
    return flags


def _watched(week: Week) -> Iterable[Row]:
    watched = week.acts(Event.VIEW_WATCHED).values("actor_id", "camera_id").order_by("actor_id", "camera_id")
    minutes = Count("id") * MINUTES
    return watched.annotate(pseudonym=Max("actor_pseudonym"), minutes=minutes, first=Min("id"), last=Max("id"))


def _longer(week: Week, event: Event, what: str, *by: str) -> Iterator[Row]:
    longer = week.acts(event).values(*by).order_by(*by).annotate(what=Value(what), times=Count("id"))
    yield from longer.annotate(pseudonym=Max("actor_pseudonym"), entries=ArrayAgg("id", order_by=F("id").asc()))


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


def refusal_flags(week: Week) -> list[Flag]:
    rows = AuditEntry.objects.filter(at__gte=week.begin, at__lt=week.end, event__in=REFUSAL_EVENTS, outcome="refused")
    people = rows.filter(actor_kind=ActorKind.USER, actor_role__in=sorted(AGENCY_ROLES)).order_by("id")
    return repeated_refusals(people.only("id", "at", "actor_id", "actor_pseudonym", "facts"))


def repeated_refusals(refusals: Iterable[AuditEntry]) -> list[Flag]:
    flags = []
    for theirs in grouped(refusals, lambda refusal: refusal.actor_id).values():
        worst = max(stretches(theirs, rules.REFUSED_WITHIN), key=_number_of_times)
        if _number_of_times(worst) >= rules.REFUSED_TIMES:
            entries = tuple(one.pk for one in worst)
            facts = {"times": _number_of_times(worst), "week": _number_of_times(theirs)}
            weight = _number_of_times(worst) / rules.REFUSED_TIMES
            flags.append(Flag(FlagKind.REFUSED, worst[-1].actor_pseudonym, entries, facts, weight))
    return flags


def _number_of_times(theirs: Iterable[AuditEntry]) -> int:
    """Return the number of refused tries: one entry may stand for several within a minute."""
    return sum(int(one.facts.get("count", 1)) for one in theirs)
