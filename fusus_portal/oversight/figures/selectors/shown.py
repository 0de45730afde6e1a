"""The report that the public sees now: the newest released and not held back, without figures in doubt."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from audit.ledger import publication
from audit.ledger.models import Publication
from fusus_portal.oversight.figures.definitions import FIGURES, Dimension
from fusus_portal.oversight.figures.models import CountedDay, FigureDoubt, FigureReport, FigureReview, ReviewAct
from fusus_portal.oversight.figures.policies.suppression import ALL_OTHERS, Told
from fusus_portal.oversight.figures.selectors import counts
from fusus_portal.oversight.figures.selectors.counts import Span
from fusus_portal.oversight.figures.selectors.reports import Head, assembled

EVERYTHING = ""
"""The figure of a doubt about all figures."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The public report. doubts: figures not shown; "" hides all of them. demo: of a demo."""

    content: dict[str, Any]
    doubts: frozenset[str] = frozenset()
    demo: bool = False

    @property
    def is_withheld(self) -> bool:
        """True if nothing is shown, since the log is not the one that was counted."""
        return EVERYTHING in self.doubts

    @property
    def totals(self) -> dict[str, int]:
        """Totals of all time, by figure, of the figures shown."""
        if self.is_withheld:
            return {}
        totals: dict[str, int] = self.content["totals"]
        return {key: number for key, number in totals.items() if key not in self.doubts}


def shown() -> Shown | None:
    """Return the public report, None before the first release. One query, whatever the size of the log."""
    if settings.FIGURES_OF_TODAY:
        return _of_today()
    return _read("content")


def shown_totals() -> dict[str, int]:
    """Return the totals alone, for pages that show one or two; {} before the first release."""
    found = _of_today() if settings.FIGURES_OF_TODAY else _read("totals")
    return found.totals if found else {}


def reviews() -> list[FigureReview]:
    return list(FigureReview.objects.select_related("made_by").order_by("-made_at"))


def newest() -> Shown | None:
    if settings.FIGURES_OF_TODAY:
        return _of_today()
    report = FigureReport.objects.order_by("-counted").first()
    return Shown(report.content) if report else None


def doubts() -> list[tuple[date, str]]:
    return list(FigureDoubt.objects.filter(cleared_at=None).order_by("day").values_list("day", "figure"))


def last_release() -> FigureReview | None:
    return FigureReview.objects.filter(act=ReviewAct.RELEASE).order_by("-made_at").first()


def delay_now() -> FigureReview | None:
    return _delays().order_by("-made_at").first()


def _delays() -> QuerySet[FigureReview]:
    """Return the delays in force: until their day, or the next release."""
    since = FigureReview.objects.filter(act=ReviewAct.RELEASE, made_at__gt=OuterRef("made_at"))
    return FigureReview.objects.filter(~Exists(since), act=ReviewAct.DELAY, until__gt=timezone.localdate())


def _read(what: str) -> Shown | None:
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
    return Shown(content, frozenset([*doubts, EVERYTHING] if is_rolled_back else doubts))


def _of_today() -> Shown | None:
    """Return the report of a demo, whose log is minutes old: all published entries, small numbers too."""
    published, first = publication.published(), counts.first_day()
    if published is None or first is None or last_release() is None:
        return None
    return _count_today(published.size, published.note.splitlines()[2], first, timezone.localdate())


@lru_cache(maxsize=4)
def _count_today(size: int, root: str, first: date, today: date) -> Shown:
    days = [Span(day, 0, size) for day in _days(first, today)]
    heads = [Head(span.day, size, root) for span in days]
    # Each entry counts on the day of its date, since all days are counted from the same checkpoint.
    spans = [replace(span, before=size) for span in days]
    by_day = [(day, key, part.number) for day, found in counts.by_day(spans).items() for key, part in found.items()]
    last_days = {f"{span.day:%Y-%m}": span.day for span in days}
    months = []
    for name, last in last_days.items():
        of_month = [span for span in spans if f"{span.day:%Y-%m}" == name]
        for figure in FIGURES:
            for dimension in figure.by:
                values = counts.together(of_month, figure, dimension)
                months += [(last, figure.key, Told(Dimension(dimension), *_plain(pair))) for pair in values.items()]
    return Shown(assembled(heads, by_day, months), demo=True)


def _plain(pair: tuple[str, Any]) -> tuple[str, int]:
    value, part = pair
    return value or ALL_OTHERS, part.number


def _days(first: date, last: date) -> list[date]:
    return [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]


def is_review_due(through: date) -> bool:
    """True if a day is counted that no release has reviewed."""
    released = FigureReview.objects.filter(act=ReviewAct.RELEASE, through__gte=through)
    return CountedDay.objects.filter(day=through).exists() and not released.exists()
