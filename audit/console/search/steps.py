"""Finding entries among millions, in steps that each look at a bounded number of them.

The log grows at its end and is read from there. What has an index that ends in the id (a person, an incident, an
object) is walked by it; a span of time is a span of ids, found by halving; everything else is looked for in stretches
of ids, where `audit_entry_search` (BRIN with bloom filters) skips those that can't hold it. Of a network address that
was seldom seen only the ids around those moments are looked at. A walk ends when a page is full, when nothing is left,
or when its time is up: then the page says how far it looked, and offers to continue.
"""

from collections.abc import Iterator, Sized
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from audit.console.search.query import Branch, Wanted
from audit.log.models import AuditDetail, AuditEntry

FIRST_STEP = 5_000
"""Entries that the first step looks at: of one person, incident or object, or simply the next ones. Later steps are so
many ids, which need not be counted out."""

PACE = 0.05
"""Seconds that a step should take which finds something: the next one is as much longer or shorter as it was not."""

SLOW = 0.4
"""Seconds that one may take which finds nothing. While none takes longer, each is GROWTH times as long as the last."""

GROWTH = 8
"""So the third step is one of 320,000 ids, at which PostgreSQL finds it worth while to ask which stretches to skip.
Each such step reads that index whole, and the one that comes to where there is much reads all of it. So a step is an
eighth of the walk at most: the first is paid for eight times, and the second is bounded."""

UNORDERED = timedelta(hours=1)
"""Ids and times may differ in their order by as much: writers that wait, clocks that are set."""

SELDOM = 1_000
"""Moments of a network address that are looked at one after the other; of more of them the whole log is looked at."""

EVERYTHING = Branch(Q())


@dataclass(frozen=True, slots=True)
class Found:
    """What a walk found, in the order walked: entries, or named tuples of the columns asked for.

    go_on: where the next walk begins, None when nothing is left. is_full: it ended because it had found enough.
    """

    entries: list[Any]
    go_on: int | None
    is_full: bool


@dataclass(frozen=True, slots=True)
class Way:
    """How to walk. newest_first: towards lower ids. start: the id not to go beyond. most: entries that are enough.

    seconds: the time after which no further step begins. columns: what to read, the id first; () for whole entries.
    """

    most: int
    seconds: float
    newest_first: bool = True
    start: int | None = None
    columns: tuple[str, ...] = ()


def walk(wanted: Wanted, way: Way) -> Found:
    """Return the entries wanted, as far as the walk came."""
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


def bounds(wanted: Wanted, way: Way) -> tuple[int, int]:
    """Return the ids between which everything wanted is: from the first to before the second."""
    low, high = _ends()
    if wanted.begin:
        low = max(low, _first_since(wanted.begin - UNORDERED))
    if wanted.end:
        high = min(high, _first_since(wanted.end + UNORDERED))
    if way.start is not None:
        low, high = (low, min(high, way.start)) if way.newest_first else (max(low, way.start + 1), high)
    return low, high


def _between(wanted: Wanted, begin: int, end: int, way: Way, *, most: int, is_first: bool) -> list[Any]:
    """Return the first entries wanted among these ids, whichever branch finds them.

    A later, longer step is sorted by `id + 0`, which no index serves: else PostgreSQL walks by the id and hopes to
    be done soon, which for a word that is rare here, and common elsewhere, it isn't.
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


def _times(wanted: Wanted) -> Q:
    since = Q(at__gte=wanted.begin) if wanted.begin else Q()
    return since & Q(at__lt=wanted.end) if wanted.end else since


def _from_addresses(wanted: Wanted, begin: int, end: int) -> Q:
    """Return the condition that entries came from one of the network addresses, whose text is beside the log."""
    if not wanted.addresses:
        return Q()
    texts = _texts(wanted)
    edges = AuditEntry.objects.filter(id__gte=begin, id__lt=end).order_by("id").values_list("at", flat=True)
    first, last = edges.first(), edges.last()
    if first and last:
        texts = texts.filter(at__gte=first - UNORDERED, at__lt=last + UNORDERED)
    return Q(address_digest__in=texts.values("digest"))


def _texts(wanted: Wanted) -> QuerySet[AuditDetail]:
    return AuditDetail.objects.filter(kind=AuditDetail.Kind.ADDRESS, text__in=wanted.addresses)


def _steps(wanted: Wanted, low: int, high: int, found: Sized, *, newest_first: bool) -> Iterator[tuple[int, int]]:
    """Yield the stretches of ids to look at, in the order of the walk, until nothing is left that can be wanted.

    found: what the walk has found; it grows meanwhile.
    """
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


def _possible(wanted: Wanted, low: int, high: int, *, newest_first: bool) -> Iterator[tuple[int, int]]:
    """Yield these ids, or only those around each moment of a network address that was seldom seen."""
    moments = list(_texts(wanted).values_list("at", flat=True)[: SELDOM + 1]) if wanted.addresses else None
    if moments is None or len(moments) > SELDOM:
        yield low, high
        return
    for first, last in _spans(moments, newest_first=newest_first):
        begin, end = max(low, _first_since(first - UNORDERED)), min(high, _first_since(last + UNORDERED))
        yield begin, end
        low, high = (low, begin) if newest_first else (end, high)


def _spans(moments: list[datetime], *, newest_first: bool) -> list[tuple[datetime, datetime]]:
    """Return the first and last moment of each group that is far from the others, in the order of the walk."""
    spans: list[tuple[datetime, datetime]] = []
    for moment in sorted(moments):
        if spans and moment - spans[-1][1] < 2 * UNORDERED:
            spans[-1] = spans[-1][0], moment
        else:
            spans.append((moment, moment))
    return spans[::-1] if newest_first else spans


def _edge(branches: list[Branch], low: int, high: int, *, newest_first: bool) -> int:
    """Return the id where the first step ends that begins at one end of these ids."""
    if not branches:
        return max(low, high - FIRST_STEP) if newest_first else min(high, low + FIRST_STEP)
    edges = [_edge_of(branch, low, high, newest_first=newest_first) for branch in branches]
    return max(edges) if newest_first else min(edges)


def _edge_of(branch: Branch, low: int, high: int, *, newest_first: bool) -> int:
    """Return the id at which so many entries of a branch end, the far bound where there are fewer."""
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


# The entry in the middle says which half comes next; some twenty look-ups in the primary key, in one statement.
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
    """Return the first id that was written at a moment or later, the one after the last where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(HALVING, {"moment": moment})
        (found,) = cursor.fetchone()
    return int(found or 0)
