"""Searches among millions of entries, in steps of bounded size, and the spread of the newest results over time.

The log grows at its end, so a walk begins there. A condition whose index ends in the id (a person, an incident, an
object) is walked by that index; a span of time is a span of ids, found by halving; any other condition is searched in
stretches of ids, and `audit_entry_search` (BRIN with bloom filters) skips stretches that can't match. Of a rare network
address only the ids around its moments are read. A walk ends with a full page, with the log, or when its time is up.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from audit.console.search.phrases import Branch
from audit.console.search.query import LogQuery
from audit.log.models import AuditDetail, AuditEntry

FIRST_STEP = 5_000
"""Entries in the first step: of one branch, or, without a branch, of the log. Later steps count ids instead."""

PACE = 0.05
"""Target seconds of a step with results: the next step is longer or shorter in proportion."""

SLOW = 0.4
"""While a step finds nothing in less than these seconds, the next is GROWTH times as long."""

GROWTH = 8
"""Growth of steps. The third has 320,000 ids; from there PostgreSQL prefers to read the index of stretches. Each such
step reads that index whole, and a step that reaches many matches reads all of them. So a step is at most an eighth of
the walk: the index is read at most eight times, and the matches of a step are bounded."""

UNORDERED = timedelta(hours=1)
"""Most time by which the order of ids and that of times may differ: writers wait, clocks are set."""

SELDOM = 1_000
"""Most moments of a rare network address: a search reads the log around each. For a frequent one it reads all."""

EVERYTHING = Branch(Q())


@dataclass(frozen=True, slots=True)
class Found:
    """Results of a walk, in its order. go_on: `start` of the next walk, if any. is_full: it found `most` entries."""

    entries: list[Any]
    go_on: int | None
    is_full: bool


@dataclass(frozen=True, slots=True)
class Way:
    """Parameters of a walk. most: entries to find. newest_first: towards lower ids. start: the id to begin after.

    seconds: time after which no further step begins. columns: to read, the id first; () for whole entries.
    """

    most: int
    seconds: float
    newest_first: bool = True
    start: int | None = None
    columns: tuple[str, ...] = ()


def walk(wanted: LogQuery, way: Way) -> Found:
    deadline = monotonic() + way.seconds
    found: list[Any] = []
    if not wanted.is_understood:
        return Found(found, None, is_full=False)
    low, high = bounds(wanted, way)
    for number, (begin, end) in enumerate(_steps(wanted, low, high, found, newest_first=way.newest_first)):
        found += _between(wanted, begin, end, way, most=way.most + 1 - len(found), is_first=number == 0)
        if len(found) > way.most:
            return Found(found[: way.most], found[way.most - 1].id, is_full=True)
        left = begin if way.newest_first else end - 1
        if monotonic() > deadline and (begin > low if way.newest_first else end < high):
            return Found(found, left, is_full=False)
    return Found(found, None, is_full=False)


def bounds(wanted: LogQuery, way: Way) -> tuple[int, int]:
    """Return the span of ids that holds every match: its first id, and the id after its last."""
    low, high = _ends()
    if wanted.begin:
        low = max(low, _first_since(wanted.begin - UNORDERED))
    if wanted.end:
        high = min(high, _first_since(wanted.end + UNORDERED))
    if way.start is not None:
        low, high = (low, min(high, way.start)) if way.newest_first else (max(low, way.start + 1), high)
    return low, high


def _between(wanted: LogQuery, begin: int, end: int, way: Way, *, most: int, is_first: bool) -> list[Any]:
    """Return the first entries from `begin` to before `end` that match any branch, `most` of them.

    A later, longer step sorts by `id + 0`, which no index serves: PostgreSQL would walk by the id and hope to end soon,
    but a word that is rare here and common elsewhere makes that slow.
    """
    rest = wanted.conditions() & Q(id__gte=begin, id__lt=end) & _times(wanted) & _from_addresses(wanted, begin, end)
    key = F("id") if is_first else F("id") + 0
    order = key.desc() if way.newest_first else key.asc()
    found: dict[int, Any] = {}
    for branch in wanted.branches() or [EVERYTHING]:
        entries: QuerySet[AuditEntry, Any] = AuditEntry.objects.filter(branch.lead, rest).order_by(order)
        if way.columns:
            entries = entries.values_list(*way.columns, named=True)
        found |= {entry.id: entry for entry in entries[:most]}
    return [found[pk] for pk in sorted(found, reverse=way.newest_first)[:most]]


def _times(wanted: LogQuery) -> Q:
    since = Q(at__gte=wanted.begin) if wanted.begin else Q()
    return since & Q(at__lt=wanted.end) if wanted.end else since


def _from_addresses(wanted: LogQuery, begin: int, end: int) -> Q:
    if not wanted.addresses:
        return Q()
    texts = _texts(wanted)
    edges = AuditEntry.objects.filter(id__gte=begin, id__lt=end).order_by("id").values_list("at", flat=True)
    first, last = edges.first(), edges.last()
    if first and last:
        texts = texts.filter(at__gte=first - UNORDERED, at__lt=last + UNORDERED)
    return Q(address_digest__in=texts.values("digest"))


def _texts(wanted: LogQuery) -> QuerySet[AuditDetail]:
    return AuditDetail.objects.filter(kind=AuditDetail.Kind.ADDRESS, text__in=wanted.addresses)


def _steps(wanted: LogQuery, low: int, high: int, found: Sized, *, newest_first: bool) -> Iterator[tuple[int, int]]:
    """Yield the stretches of ids to search, in the order of the walk. found: its results, which grow meanwhile."""
    for begin, end in _possible(wanted, low, high, newest_first=newest_first):
        yield from _steps_of(wanted.branches(), begin, end, found, newest_first=newest_first)


def _steps_of(
    branches: list[Branch], low: int, high: int, found: Sized, *, newest_first: bool
) -> Iterator[tuple[int, int]]:
    longest = max(FIRST_STEP * GROWTH**2, (high - low) // GROWTH)
    step = 0
    while low < high:
        begun, had = monotonic(), len(found)
        if step:
            edge = max(low, high - step) if newest_first else min(high, low + step)
        else:
            edge = _edge(branches, low, high, newest_first=newest_first)
            step = max(FIRST_STEP, high - edge if newest_first else edge - low)
        yield (edge, high) if newest_first else (low, edge)
        took = monotonic() - begun
        low, high = (low, edge) if newest_first else (edge, high)
        is_quick = len(found) == had and took < SLOW
        step = max(FIRST_STEP, min(longest, int(step * (GROWTH if is_quick else min(GROWTH, PACE / took)))))


def _possible(wanted: LogQuery, low: int, high: int, *, newest_first: bool) -> Iterator[tuple[int, int]]:
    """Yield the whole span of ids, or for a rare network address only those around each of its moments."""
    moments = list(_texts(wanted).values_list("at", flat=True)[: SELDOM + 1]) if wanted.addresses else None
    if moments is None or len(moments) > SELDOM:
        yield low, high
        return
    for first, last in _spans(moments, newest_first=newest_first):
        begin, end = max(low, _first_since(first - UNORDERED)), min(high, _first_since(last + UNORDERED))
        yield begin, end
        low, high = (low, begin) if newest_first else (end, high)


def _spans(moments: list[datetime], *, newest_first: bool) -> list[tuple[datetime, datetime]]:
    """Return the first and last moment of each group, in the order of the walk. Groups are two hours or more apart."""
    spans: list[tuple[datetime, datetime]] = []
    for moment in sorted(moments):
        if spans and moment - spans[-1][1] < 2 * UNORDERED:
            spans[-1] = spans[-1][0], moment
        else:
            spans.append((moment, moment))
    return spans[::-1] if newest_first else spans


def _edge(branches: list[Branch], low: int, high: int, *, newest_first: bool) -> int:
    if not branches:
        return max(low, high - FIRST_STEP) if newest_first else min(high, low + FIRST_STEP)
    edges = [_edge_of(branch, low, high, newest_first=newest_first) for branch in branches]
    return max(edges) if newest_first else min(edges)


def _edge_of(branch: Branch, low: int, high: int, *, newest_first: bool) -> int:
    """Return the id at which the first FIRST_STEP entries of a branch end; if it has fewer, the end of the span."""
    if branch.by_id:
        ids = AuditEntry.objects.filter(branch.lead, id__gte=low, id__lt=high).values_list("id", flat=True)
        past: int | None = ids.order_by("-id" if newest_first else "id")[FIRST_STEP : FIRST_STEP + 1].first()
        if past is not None:
            return past + 1 if newest_first else past
    return low if newest_first else high


def _ends() -> tuple[int, int]:
    """Return the log's first id and the one after its last; (0, 0) for an empty log."""
    ids: QuerySet[AuditEntry, int] = AuditEntry.objects.values_list("id", flat=True)
    first, last = ids.order_by("id").first(), ids.order_by("-id").first()
    return (0, 0) if first is None or last is None else (first, last + 1)


# The entry in the middle decides which half comes next: some twenty look-ups in the primary key, in one statement.
HALVING = """
WITH RECURSIVE half (low, high) AS (
  SELECT min(id), max(id) + 1 FROM audit_entry
  UNION ALL
  SELECT CASE WHEN entry.at < %(moment)s THEN entry.id + 1 ELSE low END,
         CASE WHEN entry.at < %(moment)s THEN high ELSE low + (high - low) / 2 END
    FROM half, LATERAL (SELECT id, at FROM audit_entry WHERE id >= low + (high - low) / 2 ORDER BY id LIMIT 1) entry
   WHERE low < high
) SELECT max(low) FROM half"""


def _first_since(moment: datetime) -> int:
    """Return the first id written at a moment or later, or the id after the log's last."""
    with connection.cursor() as cursor:
        cursor.execute(HALVING, {"moment": moment})
        (found,) = cursor.fetchone()
    return int(found or 0)


TIMELINE_MOST = 2_000
TIMELINE_SECONDS = 0.1
"""Seconds to look beyond the page's own results, for the chart alone."""

HOURS_UP_TO = timedelta(days=3)
DAYS_UP_TO = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars from oldest to newest, empty ones too. unit: "hour", "day" or "month". is_whole: all matches are in it.

    bars: the first moment of each, on the agency's clock, and its number of entries.
    """

    unit: str
    bars: list[tuple[datetime, int]]
    is_whole: bool


def timeline_of(wanted: LogQuery, page: Found) -> Timeline:
    entries, rest = page.entries, page
    if page.is_full:
        more = Way(most=TIMELINE_MOST - len(entries), seconds=TIMELINE_SECONDS, start=page.go_on, columns=("id", "at"))
        rest = walk(wanted, more)
        entries = entries + rest.entries
    moments = [timezone.localtime(entry.at) for entry in entries]
    is_whole = rest.go_on is None
    if not moments:
        return Timeline("day", [], is_whole=is_whole)
    oldest, newest = min(moments), max(moments)
    unit = _bar_unit(newest - oldest)
    begin_of = BAR_BEGINS[unit]
    counts = Counter(begin_of(moment) for moment in moments)
    bars, moment = [], begin_of(min(oldest, newest - LEAST_SHOWN[unit]))
    while moment <= newest:
        bars.append((moment, counts[moment]))
        moment = begin_of(moment + NEXT_BAR[unit])
    return Timeline(unit, bars, is_whole=is_whole)


def _bar_unit(length: timedelta) -> str:
    if length <= HOURS_UP_TO:
        return "hour"
    return "day" if length <= DAYS_UP_TO else "month"


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _day(moment: datetime) -> datetime:
    return timezone.make_aware(moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None))


def _month(moment: datetime) -> datetime:
    return _day(moment.replace(day=1))


BAR_BEGINS: dict[str, Callable[[datetime], datetime]] = {"hour": _hour, "day": _day, "month": _month}
LEAST_SHOWN = {"hour": timedelta(hours=23), "day": timedelta(days=27), "month": timedelta(days=334)}
"""The shortest time that a chart shows, by the unit of its bars, so that one busy hour is a bar among others."""

NEXT_BAR = {"hour": timedelta(hours=1), "day": timedelta(hours=30), "month": timedelta(days=32)}
"""Time from a bar's beginning that reaches into the next bar, also when clocks change, and never beyond that one."""
