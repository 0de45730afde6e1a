"""Counts of the log's entries by day, the report as of a day, and the report that the public sees now.

A day has the entries that its published checkpoint holds, dated before the day's end, and not counted before. So each
entry counts on one day, the first whose checkpoint holds it, and anyone with the entries and the sizes of the
checkpoints counts the same. Repeated views within an hour are one entry with a count, and count that often.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from audit.ledger import publication
from audit.ledger.models import WIDTH, Publication
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import FOLDED
from fusus_portal.oversight.figures.definitions import BY_KEY, DAYS_SHOWN, FEWEST, FIGURES, Dimension, Figure
from fusus_portal.oversight.figures.models import (
    CountedDay,
    DayFigure,
    FigureDoubt,
    FigureReport,
    FigureReview,
    MonthFigure,
    ReviewAct,
)
from fusus_portal.oversight.figures.policies import ALL_OTHERS, FigureCount

VALUE_COLUMNS: Mapping[Dimension | None, str] = {
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
"""Dimensions that could single out one shop or home: a value must be about FEWEST cameras too, not only incidents."""


@dataclass(frozen=True, slots=True)
class Span:
    """A day to count, and its places in the tree: from `before`, the size of the day before (or 0), to `size`."""

    day: date
    before: int
    size: int

    @property
    def begins(self) -> datetime:
        return beginning_of_day(self.day)

    @property
    def ends(self) -> datetime:
        return beginning_of_day(self.day + timedelta(days=1))


def beginning_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def day_of(at: datetime) -> date:
    return timezone.localtime(at, timezone.get_default_timezone()).date()


def first_day_of_log() -> date | None:
    at = AuditEntry.objects.order_by("pk").values_list("at", flat=True).first()
    return day_of(at) if at else None


def publication_after(day: date) -> Publication | None:
    """Return the first published checkpoint that has all entries up to the end of a day, if any."""
    length = settings.LEDGER_PUBLISH_SECONDS
    end = beginning_of_day(day + timedelta(days=1))
    since = datetime.fromtimestamp(-(-int(end.timestamp()) // length) * length, tz=end.tzinfo)
    return Publication.objects.filter(at__gte=since).order_by("size").first()


def spans_of_days(days: Sequence[date]) -> list[Span]:
    """Return the places in the tree of those of the days that are counted."""
    rows = CountedDay.objects.filter(day__in=[*days, *(day - timedelta(days=1) for day in days)])
    sizes = dict(rows.values_list("day", "size"))
    return [Span(day, sizes.get(day - timedelta(days=1), 0), sizes[day]) for day in sorted(days) if day in sizes]


def counts_by_day(days: Sequence[Span]) -> dict[date, dict[str, FigureCount]]:
    """Return the count of each figure on each day, without zeros."""
    found: dict[date, dict[str, FigureCount]] = {span.day: {} for span in days}
    for day, figure, _value, number, incidents, _cameras in _counted_rows(days, FIGURES, None, day="day"):
        found[day][figure] = FigureCount(int(number), incidents)
    return found


def count_over_days(days: Sequence[Span], figure: Figure, dimension: Dimension | None) -> dict[str, FigureCount]:
    """Return the count of a figure over several days, by the values of a dimension; without one, under ""."""
    rows = _counted_rows(days, [BY_KEY[figure.key]], dimension, day="NULL::date")
    return {
        value: FigureCount(int(number), min(incidents, cameras) if dimension in BY_CAMERAS else incidents)
        for _day, _figure, value, number, incidents, cameras in rows
    }


def _counted_rows(
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
    statement = ENTRIES.format(width=WIDTH, value=VALUE_COLUMNS[dimension]) + GROUPED.format(day=day)
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        yield from cursor.fetchall()


def _sealed_before(begins: datetime) -> int:
    """Return the size of the newest checkpoint published before a day began: no entry of the day is below it."""
    size = Publication.objects.filter(at__lte=begins).order_by("-size").values_list("size", flat=True).first()
    return size or 0


Content = dict[str, Any]


@dataclass(slots=True)
class Month:
    """A month of a figure. days: sum of those published alone. rest: sum of those that waited. by: breakdowns."""

    days: int = 0
    rest: int = 0
    by: dict[str, list[list[Any]]] = field(default_factory=lambda: defaultdict(list))


def assembled_report(
    heads: Sequence[CountedDay], days: Iterable[tuple[date, str, int]], months: Iterable[MonthFigure]
) -> Content:
    """Return the report as of the last head. heads: all counted days. days: day, figure, published number."""
    by_day = {head.day: head for head in heads}
    last = heads[-1]
    shown: dict[str, list[Content]] = defaultdict(list)
    kept: dict[str, dict[str, Month]] = defaultdict(lambda: defaultdict(Month))
    for day, figure, number in sorted(days):
        kept[figure][f"{day:%Y-%m}"].days += number
        if last.day - day < DAYS_SHOWN:
            shown[figure].append({"day": day.isoformat(), "number": number, **by_day[day].checkpoint})
    for told in months:
        month = kept[told.figure][f"{told.closed_id:%Y-%m}"]
        if told.dimension == Dimension.REST:
            month.rest = told.number
        else:
            month.by[told.dimension].append([told.value, told.number])
    ends = {f"{head.day:%Y-%m}": head for head in heads}
    return {
        "day": last.day.isoformat(),
        "first_day": heads[0].day.isoformat(),
        **last.checkpoint,
        "totals": {
            figure.key: sum(month.days + month.rest for month in kept[figure.key].values())
            for figure in FIGURES
            if figure.key in kept or figure.is_zero
        },
        "figures": {
            figure: {
                "months": [_month(name, month, ends[name]) for name, month in sorted(months_of.items())],
                "days": shown[figure],
            }
            for figure, months_of in kept.items()
        },
    }


def _month(name: str, month: Month, head: CountedDay) -> Content:
    found: Content = {"month": name, "number": month.days + month.rest, **head.checkpoint}
    if month.rest:
        found["rest"] = month.rest
    if month.by:
        found["by"] = {
            dimension: sorted(pairs, key=lambda pair: (pair[0] == ALL_OTHERS, -pair[1], pair[0]))
            for dimension, pairs in month.by.items()
        }
    return found


def report_through(through: date) -> Content:
    heads = CountedDay.objects.filter(day__lte=through).order_by("day")
    exact = [figure.key for figure in FIGURES if figure.is_exact]
    told = DayFigure.objects.filter(Q(incidents__gte=FEWEST) | Q(figure__in=exact), counted__lte=through)
    days = told.filter(figure__in=list(BY_KEY)).values_list("counted", "figure", "number")
    months = MonthFigure.objects.filter(closed__lte=through, figure__in=list(BY_KEY)).order_by("pk")
    return assembled_report(list(heads), days, months)


def waiting_days(figure: str, before: date) -> list[date]:
    """Return a figure's days before a month that still wait: too small alone, and in no month's sum of other days."""
    told = MonthFigure.objects.filter(figure=figure, dimension=Dimension.REST, closed__lt=before)
    since = told.order_by("-closed").values_list("closed", flat=True).first()
    days = CountedDay.objects.filter(day__lt=before, **({"day__gt": since} if since else {}))
    alone = DayFigure.objects.filter(figure=figure, incidents__gte=FEWEST).values("counted")
    return list(days.exclude(pk__in=alone).order_by("day").values_list("day", flat=True))


EVERYTHING = ""
"""Key that means all figures, in a doubt and in `PublicReport.doubts`."""


@dataclass(frozen=True, slots=True)
class PublicReport:
    """The report that the public sees. doubts: keys of figures not shown; "" hides all. demo: True for a demo's."""

    content: dict[str, Any]
    doubts: frozenset[str] = frozenset()
    demo: bool = False

    @property
    def is_withheld(self) -> bool:
        """True if nothing is shown, since the log does not hold the checkpoint that was counted from."""
        return EVERYTHING in self.doubts

    @property
    def totals(self) -> dict[str, int]:
        """Totals of all time of the figures shown, by key."""
        if self.is_withheld:
            return {}
        totals: dict[str, int] = self.content["totals"]
        return {key: number for key, number in totals.items() if key not in self.doubts}


def public_report() -> PublicReport | None:
    """Return the public report, None before the first release. One query, whatever the size of the log."""
    return _report_of_today() if settings.FIGURES_OF_TODAY else _released_report("content")


def public_totals() -> dict[str, int]:
    """Return the totals of the public report, for pages that show one or two; {} before the first release."""
    found = _report_of_today() if settings.FIGURES_OF_TODAY else _released_report("totals")
    return found.totals if found else {}


def figure_reviews() -> list[FigureReview]:
    return list(FigureReview.objects.select_related("made_by").order_by("-made_at"))


def newest_report() -> PublicReport | None:
    if settings.FIGURES_OF_TODAY:
        return _report_of_today()
    report = FigureReport.objects.order_by("-counted").first()
    return PublicReport(report.content) if report else None


def open_doubts() -> list[tuple[date, str]]:
    return list(FigureDoubt.objects.filter(cleared_at=None).order_by("day").values_list("day", "figure"))


def last_release() -> FigureReview | None:
    return FigureReview.objects.filter(act=ReviewAct.RELEASE).order_by("-made_at").first()


def current_delay() -> FigureReview | None:
    return _delays().order_by("-made_at").first()


def _delays() -> QuerySet[FigureReview]:
    """Return the delays in force. A delay ends on its day, or with the next release."""
    since = FigureReview.objects.filter(act=ReviewAct.RELEASE, made_at__gt=OuterRef("made_at"))
    return FigureReview.objects.filter(~Exists(since), act=ReviewAct.DELAY, until__gt=timezone.localdate())


def _released_report(what: str) -> PublicReport | None:
    released = FigureReview.objects.filter(act=ReviewAct.RELEASE)
    held = _delays()
    public = FigureReport.objects.filter(
        Q(counted__lte=Subquery(held.order_by("through").values("through")[:1])) | ~Exists(held), Exists(released)
    )
    row = (
        public.annotate(
            doubts=ArraySubquery(FigureDoubt.objects.filter(cleared_at=None).values("figure")),
            newest=Subquery(Publication.objects.order_by("-size").values("size")[:1]),
            counted_from=KeyTransform("size", "content", output_field=JSONField()),
            totals=KeyTransform("totals", "content", output_field=JSONField()),
        )
        .order_by("-counted")
        .values_list("doubts", "newest", "counted_from", what)
        .first()
    )
    if row is None:
        return None
    doubts, newest, size, found = row
    is_rolled_back = newest is None or newest < size
    content = found if what == "content" else {"totals": found}
    return PublicReport(content, frozenset([*doubts, EVERYTHING] if is_rolled_back else doubts))


def _report_of_today() -> PublicReport | None:
    """Return the report of a demo, whose log is minutes old: all published entries, small numbers too."""
    published, first = publication.published(), first_day_of_log()
    if published is None or first is None or last_release() is None:
        return None
    return _count_today(published.size, published.note.splitlines()[2], first, timezone.localdate())


@lru_cache(maxsize=4)
def _count_today(size: int, root: str, first: date, today: date) -> PublicReport:
    days = [Span(day, 0, size) for day in days_between(first, today)]
    heads = [CountedDay(day=span.day, size=size, root=root) for span in days]
    # Each entry counts on the day of its date, since all days are counted from the same checkpoint.
    spans = [replace(span, before=size) for span in days]
    by_day = [(day, key, part.number) for day, found in counts_by_day(spans).items() for key, part in found.items()]
    last_days = {f"{span.day:%Y-%m}": span.day for span in days}
    months = []
    for name, last in last_days.items():
        of_month = [span for span in spans if f"{span.day:%Y-%m}" == name]
        for figure in FIGURES:
            for dimension in figure.by:
                of_figure: dict[str, Any] = {"closed_id": last, "figure": figure.key, "dimension": str(dimension)}
                for value, part in count_over_days(of_month, figure, dimension).items():
                    months.append(MonthFigure(**of_figure, value=value, number=part.number))
    return PublicReport(assembled_report(heads, by_day, months), demo=True)


def days_between(first: date, last: date) -> list[date]:
    return [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]


def is_review_due(through: date) -> bool:
    """True if the day `through` is counted and no release has reviewed it."""
    released = FigureReview.objects.filter(act=ReviewAct.RELEASE, through__gte=through)
    return CountedDay.objects.filter(day=through).exists() and not released.exists()
