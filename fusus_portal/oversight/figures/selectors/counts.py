"""Entries counted by day.

A day has the entries that its published checkpoint holds, dated before its end, and not counted before. So each entry
counts on one day: an entry sealed late counts on the first day whose checkpoint holds it. Anyone with the entries and
the sizes of the checkpoints counts the same. Repeated views within an hour are one entry with a count, and count as
often.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from audit.ledger.models import WIDTH, Publication
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import FOLDED
from fusus_portal.oversight.figures.definitions import BY_KEY, FIGURES, Dimension, Figure
from fusus_portal.oversight.figures.models import CountedDay
from fusus_portal.oversight.figures.policies.suppression import Part

VALUES: Mapping[Dimension | None, str] = {
    None: "''",
    Dimension.CRIME: "coalesce(offence_type, '')",
    Dimension.PREMISES: "coalesce(premises_type, '')",
    Dimension.AREA: "coalesce(area, '')",
    Dimension.CONDITION: "coalesce(facts->>'condition', '')",
}
ENTRIES = """
WITH days AS (
    SELECT * FROM unnest(%(days)s::date[], %(before)s::bigint[], %(sizes)s::bigint[], %(begins)s::timestamptz[],
        %(ends)s::timestamptz[]) AS each(day, before, size, begins, ends)
), figures AS (
    SELECT * FROM unnest(%(keys)s::text[], %(events)s::text[], %(eachs)s::bigint[], %(needed)s::text[],
        %(without_core)s::boolean[]) AS each(figure, event, amount, fact, without_core)
), sealed AS (
    SELECT leaf_index AS place, entry FROM audit_leaf WHERE leaf_index < %(high)s
    UNION ALL
    SELECT n * {width} + number - 1, entry FROM audit_bundle, unnest(entries) WITH ORDINALITY AS each(entry, number)
    WHERE n >= %(low)s / {width} AND n <= (%(high)s - 1) / {width}
), counted AS (
    SELECT days.day, figure, camera_id, CASE WHEN event = ANY(%(folded)s)
        THEN amount * coalesce((facts->>'count')::bigint, 1) ELSE amount END AS amount,
        coalesce(incident_id::text, facts->>'incident') AS incident,
        {value} AS value
    FROM sealed JOIN audit_entry AS entry ON id = sealed.entry JOIN figures USING (event)
        JOIN days ON place < size AND at < ends AND (place >= before OR at >= begins)
    WHERE (fact = '' OR jsonb_exists(facts, fact)) AND (NOT without_core OR (
        SELECT other.event FROM audit_entry AS other
        WHERE other.camera_id = entry.camera_id AND other.id < entry.id AND other.event = ANY(%(cores)s)
        ORDER BY other.id DESC LIMIT 1
    ) IS DISTINCT FROM %(connected)s)
)
"""
GROUPED = """
SELECT {day}, figure, value, sum(amount), count(DISTINCT incident), count(DISTINCT camera_id)
FROM counted GROUP BY {day}, figure, value ORDER BY {day}, figure, value
"""
BY_CAMERAS = (Dimension.PREMISES, Dimension.AREA)
"""Dimensions that could single out one shop or home: cameras count there if they are fewer than incidents."""


@dataclass(frozen=True, slots=True)
class Span:
    """A day and its places in the tree, from `before`, the previous day's size (or 0), to `size`."""

    day: date
    before: int
    size: int

    @property
    def begins(self) -> datetime:
        return beginning_of(self.day)

    @property
    def ends(self) -> datetime:
        return beginning_of(self.day + timedelta(days=1))


def beginning_of(day: date) -> datetime:
    """Return the beginning of a day on the agency's clock."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def day_of(at: datetime) -> date:
    return timezone.localtime(at, timezone.get_default_timezone()).date()


def first_day() -> date | None:
    at = AuditEntry.objects.order_by("pk").values_list("at", flat=True).first()
    return day_of(at) if at else None


def publication_after(day: date) -> Publication | None:
    """Return the first published checkpoint that covers the end of a day, if any."""
    length = settings.LEDGER_PUBLISH_SECONDS
    end = beginning_of(day + timedelta(days=1))
    since = datetime.fromtimestamp(-(-int(end.timestamp()) // length) * length, tz=end.tzinfo)
    return Publication.objects.filter(at__gte=since).order_by("size").first()


def spans(days: Sequence[date]) -> list[Span]:
    """Return the places of days, without days that are not counted."""
    rows = CountedDay.objects.filter(day__in=[*days, *(day - timedelta(days=1) for day in days)])
    sizes = dict(rows.values_list("day", "size"))
    return [Span(day, sizes.get(day - timedelta(days=1), 0), sizes[day]) for day in sorted(days) if day in sizes]


def by_day(days: Sequence[Span]) -> dict[date, dict[str, Part]]:
    """Return each figure of each day, without zeros."""
    found: dict[date, dict[str, Part]] = {span.day: {} for span in days}
    for day, figure, _value, number, incidents, _cameras in _rows(days, FIGURES, None, day="day"):
        found[day][figure] = Part(int(number), incidents)
    return found


def together(days: Sequence[Span], figure: Figure, dimension: Dimension | None) -> dict[str, Part]:
    """Return a figure over days together, by the values of a dimension; without one, under ""."""
    rows = _rows(days, [BY_KEY[figure.key]], dimension, day="NULL::date")
    return {
        value: Part(int(number), min(incidents, cameras) if dimension in BY_CAMERAS else incidents)
        for _day, _figure, value, number, incidents, cameras in rows
    }


def _rows(
    days: Sequence[Span], figures: Sequence[Figure], dimension: Dimension | None, *, day: str
) -> Iterator[tuple[date, str, str, int, int, int]]:
    if not days:
        return
    lines = [(figure, event) for figure in figures for event in figure.events]
    asked: dict[str, Any] = {
        "days": [span.day for span in days],
        "before": [span.before for span in days],
        "sizes": [span.size for span in days],
        "begins": [span.begins for span in days],
        "ends": [span.ends for span in days],
        "keys": [figure.key for figure, _event in lines],
        "events": [event.value for _figure, event in lines],
        "eachs": [figure.each for figure, _event in lines],
        "needed": [figure.fact for figure, _event in lines],
        "without_core": [figure.without_core for figure, _event in lines],
        "low": min(_sealed_before(min(span.begins for span in days)), *(span.before for span in days)),
        "high": max(span.size for span in days),
        "folded": [event.value for event in FOLDED],
        "cores": [Event.DEVICE_CAMERA_CONNECTED.value, Event.DEVICE_CAMERA_DISCONNECTED.value],
        "connected": Event.DEVICE_CAMERA_CONNECTED.value,
    }
    statement = ENTRIES.format(width=WIDTH, value=VALUES[dimension]) + GROUPED.format(day=day)
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        yield from cursor.fetchall()


def _sealed_before(begins: datetime) -> int:
    """Return a size of the tree below which all places were sealed before a day began, so none is of that day."""
    size = Publication.objects.filter(at__lte=begins).order_by("-size").values_list("size", flat=True).first()
    return size or 0
