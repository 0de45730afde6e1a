"""Numbers of the whole registry, counted from the log. None depends on who declined (promise R4).

An auditor can count each number again from an export of the log. That reads the whole log, so a worker counts once a
night and the page reads the result.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Final

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from registry.other_counties.states import LeadState
from registry.places.models import Premises
from registry.rules import SMALLEST_COUNT

COUNTER = "registry.count_coverage"
COUNTS_KEY = "registry:coverage"
COUNTS_KEPT = timedelta(days=3)
"""The counts last longer than two nights, so that the page survives one night without a worker."""

MONTHS = 12
"""Months shown, the current one included."""

OF_CAMERAS: Final = (Event.CAMERA_ADDED, Event.CAMERA_MOVED, Event.CAMERA_REMOVED)
JOINED: Final = (Event.REGISTRANT_REGISTERED, Event.REGISTRANT_IMPORTED)
GONE: Final = (Event.REGISTRANT_LEFT, Event.REGISTRANT_TAKEN_OUT)
ANSWERS: Final = (Event.REQUEST_ANSWERED_FOOTAGE, Event.REQUEST_ANSWERED_NONE)
"""Answers that deputies read too. A decline is in none of the numbers."""

LEAD_STATES: Final = {
    Event.LEAD_OPENED: LeadState.OPEN,
    Event.LEAD_CONTACTED: LeadState.CONTACTED,
    Event.LEAD_ANSWERED: LeadState.ANSWERED,
    Event.LEAD_JOINED: LeadState.JOINED,
    Event.LEAD_DECLINED: LeadState.DECLINED,
    Event.LEAD_CLOSED: LeadState.CLOSED,
}


@dataclass(frozen=True, slots=True)
class MonthOfReplies:
    """Requests that were sent in a month, by answer. median: time from sending to the last answer, None without one."""

    month: date
    asked: int
    footage: int
    none: int
    median: timedelta | None


@dataclass(frozen=True, slots=True)
class Coverage:
    at: datetime
    areas: Mapping[str, int]
    owners: Sequence[tuple[date, int]]
    replies: Sequence[MonthOfReplies]
    leads: Sequence[tuple[LeadState, int]]


def latest() -> Coverage:
    found: Coverage | None = cache.get(COUNTS_KEY)
    return found or count()


def count() -> Coverage:
    now = timezone.now()
    today = timezone.localtime(now).date()
    owners, replies = owners_by_month(today), replies_by_month(today)
    counted = Coverage(now, cameras_by_area(), owners, replies, leads_by_state())
    cache.set(COUNTS_KEY, counted, timeout=COUNTS_KEPT.total_seconds())
    return counted


def cameras_by_area() -> dict[str, int]:
    """Return the number of cameras by ZIP code. Areas of fewer than ten owners are left out.

    The page that counts registrations hides the same areas, so neither page reveals what the other hides.
    """
    latest = _of(OF_CAMERAS).order_by("camera_id", "-camera_number").distinct("camera_id")
    found = Counter(area for event, area in latest.values_list("event", "area") if event != Event.CAMERA_REMOVED)
    owners: dict[str, int] = defaultdict(int)
    counted = Premises.objects.registered().values("zip_code").annotate(owners=Count("registrant", distinct=True))
    for zip_code, number in counted.values_list("zip_code", "owners"):
        owners[zip_code[:5]] += number
    return {area: found[area] for area in sorted(found) if owners[area] >= SMALLEST_COUNT}


def owners_by_month(today: date) -> list[tuple[date, int]]:
    """Return the first day of each month with the number of owners at its end, or now; oldest month first."""
    change: dict[date, int] = defaultdict(int)
    counted = _of((*JOINED, *GONE)).annotate(month=TruncMonth("at")).values_list("month", "event")
    for month, event, number in counted.annotate(number=Count("id")).order_by():
        change[month.date()] += number if event in JOINED else -number
    months = months_until(today)
    return [(month, sum(number for at, number in change.items() if at <= month)) for month in months]


def leads_by_state() -> list[tuple[LeadState, int]]:
    latest = _of(tuple(LEAD_STATES)).order_by("subject_id", "-id").distinct("subject_id")
    found = Counter(LEAD_STATES[Event(event)] for event in latest.values_list("event", flat=True))
    return [(state, found[state]) for state in LeadState]


def replies_by_month(today: date) -> list[MonthOfReplies]:
    months = months_until(today)
    since = timezone.make_aware(datetime.combine(months[0], time.min))
    sent = dict(_of((Event.REQUEST_SENT,)).filter(at__gte=since).values_list("subject_id", "at"))
    answers = _of(ANSWERS).filter(at__gte=since).order_by("id").values_list("subject_id", "event", "at")
    # The last answer counts, as it does for deputies.
    answered = {request: (event, at) for request, event, at in answers}
    by_month: dict[date, list[str]] = defaultdict(list)
    for request, at in sent.items():
        by_month[timezone.localtime(at).date().replace(day=1)].append(request)
    return [_month(month, by_month[month], sent, answered) for month in months]


def months_until(today: date) -> list[date]:
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]


def _month(
    month: date,
    requests: Sequence[str],
    sent: Mapping[str, datetime],
    answered: Mapping[str, tuple[str, datetime]],
) -> MonthOfReplies:
    given = {request: answered[request] for request in requests if request in answered}
    kinds = Counter(event for event, _at in given.values())
    seconds = [(at - sent[request]).total_seconds() for request, (_event, at) in given.items()]
    return MonthOfReplies(
        month=month,
        asked=len(requests),
        footage=kinds[Event.REQUEST_ANSWERED_FOOTAGE],
        none=kinds[Event.REQUEST_ANSWERED_NONE],
        median=timedelta(seconds=median(seconds)) if seconds else None,
    )


def _of(events: Sequence[Event]) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(event__in=[event.value for event in events], outcome="done")
