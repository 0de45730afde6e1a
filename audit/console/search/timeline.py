"""Spread of the newest results over hours, days or months. Entries beyond the walk are not counted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from audit.console.search.query import Wanted
from audit.console.search.steps import Found, Way, walk

MOST = 2_000
SECONDS = 0.1
"""Seconds beyond its page that a walk spends on the chart alone."""

HOURS_UP_TO = timedelta(days=3)
DAYS_UP_TO = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """An hour, a day or a month with its number of entries. begin: its first moment, on the agency's clock."""

    begin: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars from oldest to newest, empty ones too. unit: "hour", "day" or "month". is_whole: all matches are in it."""

    unit: str
    bars: list[TimelineBar]
    is_whole: bool


def timeline(wanted: Wanted, page: Found) -> Timeline:
    entries, rest = page.entries, page
    if page.is_full:
        more = Way(most=MOST - len(entries), seconds=SECONDS, start=page.go_on, columns=("id", "at"))
        rest = walk(wanted, more)
        entries = entries + rest.entries
    moments = [timezone.localtime(entry.at) for entry in entries]
    is_whole = rest.go_on is None
    if not moments:
        return Timeline("day", [], is_whole=is_whole)
    oldest, newest = min(moments), max(moments)
    unit = _unit(newest - oldest)
    begin_of = BEGINS[unit]
    counts = Counter(begin_of(moment) for moment in moments)
    bars, moment = [], begin_of(min(oldest, newest - SHOWN[unit]))
    while moment <= newest:
        bars.append(TimelineBar(moment, counts[moment]))
        moment = begin_of(moment + NEXT[unit])
    return Timeline(unit, bars, is_whole=is_whole)


def _unit(length: timedelta) -> str:
    if length <= HOURS_UP_TO:
        return "hour"
    return "day" if length <= DAYS_UP_TO else "month"


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _day(moment: datetime) -> datetime:
    return timezone.make_aware(moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None))


def _month(moment: datetime) -> datetime:
    return _day(moment.replace(day=1))


BEGINS: dict[str, Callable[[datetime], datetime]] = {"hour": _hour, "day": _day, "month": _month}
SHOWN = {"hour": timedelta(hours=23), "day": timedelta(days=27), "month": timedelta(days=334)}
"""The shortest span shown, so that one busy hour is a bar among others."""

NEXT = {"hour": timedelta(hours=1), "day": timedelta(hours=30), "month": timedelta(days=32)}
"""Long enough to reach the next period from the beginning of one, also when clocks change; never the one after."""
