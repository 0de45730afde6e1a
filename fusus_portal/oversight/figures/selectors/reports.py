"""The public report as of a day, assembled from counted and published rows, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from fusus_portal.oversight.figures.definitions import BY_KEY, FIGURES, Dimension
from fusus_portal.oversight.figures.models import CountedDay, DayFigure, MonthFigure
from fusus_portal.oversight.figures.policies.suppression import ALL_OTHERS, Told
from fusus_portal.oversight.figures.rules import DAYS_SHOWN, FEWEST

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    day: date
    size: int
    root: str

    @property
    def checkpoint(self) -> Content:
        return {"size": self.size, "root": self.root}


@dataclass(slots=True)
class Month:
    """A figure's month: sum of days published alone, sum of days that waited, and breakdowns."""

    days: int = 0
    rest: int = 0
    by: dict[str, list[list[Any]]] = field(default_factory=lambda: defaultdict(list))


def assembled(
    heads: Sequence[Head], days: Iterable[tuple[date, str, int]], months: Iterable[tuple[date, str, Told]]
) -> Content:
    """Return the report as of the last head. days: day, figure and number, if published. months: by their last day."""
    by_day = {head.day: head for head in heads}
    last = heads[-1]
    shown: dict[str, list[Content]] = defaultdict(list)
    kept: dict[str, dict[str, Month]] = defaultdict(lambda: defaultdict(Month))
    for day, figure, number in sorted(days):
        kept[figure][f"{day:%Y-%m}"].days += number
        if last.day - day < DAYS_SHOWN:
            shown[figure].append({"day": day.isoformat(), "number": number, **by_day[day].checkpoint})
    for closed, figure, told in months:
        month = kept[figure][f"{closed:%Y-%m}"]
        if told.dimension == Dimension.REST:
            month.rest = told.number
        else:
            month.by[str(told.dimension)].append([told.value, told.number])
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


def _month(name: str, month: Month, head: Head) -> Content:
    found: Content = {"month": name, "number": month.days + month.rest, **head.checkpoint}
    if month.rest:
        found["rest"] = month.rest
    if month.by:
        found["by"] = {dimension: sorted(pairs, key=_others_last) for dimension, pairs in month.by.items()}
    return found


def _others_last(pair: Sequence[Any]) -> tuple[bool, int, str]:
    value, number = pair
    return value == ALL_OTHERS, -number, value


def report(through: date) -> Content:
    counted = CountedDay.objects.filter(day__lte=through).order_by("day")
    heads = [Head(*row) for row in counted.values_list("day", "size", "root")]
    exact = [figure.key for figure in FIGURES if figure.is_exact]
    told = DayFigure.objects.filter(Q(incidents__gte=FEWEST) | Q(figure__in=exact), counted__lte=through)
    months = MonthFigure.objects.filter(closed__lte=through).order_by("pk")
    return assembled(
        heads,
        (row for row in told.values_list("counted", "figure", "number") if row[1] in BY_KEY),
        (
            (closed, figure, Told(Dimension(dimension), value, number))
            for closed, figure, dimension, value, number in months.values_list(
                "closed", "figure", "dimension", "value", "number"
            )
            if figure in BY_KEY
        ),
    )


def waiting(figure: str, before: date) -> list[date]:
    """Return the days before a month that still wait: too small alone, and not in the rest of a month."""
    told = MonthFigure.objects.filter(figure=figure, dimension=Dimension.REST, closed__lt=before)
    since = told.order_by("-closed").values_list("closed", flat=True).first()
    days = CountedDay.objects.filter(day__lt=before, **({"day__gt": since} if since else {}))
    alone = DayFigure.objects.filter(figure=figure, incidents__gte=FEWEST).values("counted")
    return list(days.exclude(pk__in=alone).order_by("day").values_list("day", flat=True))


def numbers(figure: Mapping[str, Any], kind: str) -> dict[str, int]:
    return {row[kind]: row["number"] for row in figure[f"{kind}s"]}
