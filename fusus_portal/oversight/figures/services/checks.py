"""Recounts of figures. One that differs raises an alarm and is not shown until a recount agrees."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import SystemRandom

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.ledger import alarms
from audit.ledger.alarms import AlarmKind
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.oversight.figures.models import CountedDay, FigureDoubt, FigureReport, MonthFigure
from fusus_portal.oversight.figures.policies.suppression import Part, Told
from fusus_portal.oversight.figures.selectors import reports
from fusus_portal.oversight.figures.services import counts

CHECKER = "oversight.check_figures"
EVERYTHING = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that differs. figure: "" if the checkpoint itself is gone. kept, counted: the numbers."""

    figure: str
    kept: int
    counted: int


def check(*, day: date | None = None) -> list[Difference]:
    """Count a finished day again, by default a random one; return the differences.

    Each difference is a doubt, on the page at once, and an alarm; both end when a recount agrees. The newest day's
    checkpoint is checked too, which reveals a log that was rolled back. Raises NotYours if the day is not counted.
    """
    days = list(CountedDay.objects.order_by("day"))
    if day is None and not days:
        return []
    chosen = SystemRandom().choice(days) if day is None else next((each for each in days if each.day == day), None)
    if chosen is None:
        raise NotYours(_("No figures were counted of that day."))
    found = list(_differences(chosen, days[-1]))
    with transaction.atomic():
        _note(chosen.day, found)
    _check_doubts(chosen.day)
    return found


def _check_doubts(checked: date) -> None:
    """Count days in doubt again, so that doubts end, except the day that was checked just now."""
    doubted = set(FigureDoubt.objects.filter(cleared_at=None).values_list("day", flat=True)) - {checked}
    newest = CountedDay.objects.order_by("-day").first()
    for counted in CountedDay.objects.filter(day__in=doubted):
        with transaction.atomic():
            _note(counted.day, list(_differences(counted, newest or counted)))


def _differences(chosen: CountedDay, newest: CountedDay) -> Iterator[Difference]:
    for counted in (newest, chosen):
        if not counts.is_held(counted):
            yield Difference(EVERYTHING, counted.size, 0)
            return
    kept = counts.kept(counts.days_of_month(chosen.day))
    again = counts.of_day(chosen.day)
    yield from _compared(_flat(kept[chosen.day]), _flat(again))
    if counts.is_last_of_month(chosen.day):
        by_day = {**kept, chosen.day: again}
        told = {key: _by_words(all_told) for key, all_told in counts.of_month(chosen.day, by_day).items()}
        yield from _compared_months(_kept_month(chosen), told)
    report = FigureReport.objects.get(counted=newest)
    built = reports.report(newest.day)
    if report.content != built:
        yield from (
            _compared(report.content["totals"], built["totals"])
            if (report.content["totals"] != built["totals"])
            else [Difference(key, 0, 0) for key in _changed(report.content, built)]
        )


def _flat(parts: Mapping[str, Part]) -> dict[str, int]:
    return {figure: part.number for figure, part in parts.items()}


def _compared(kept: Mapping[str, int], counted: Mapping[str, int]) -> Iterator[Difference]:
    for figure in sorted({*kept, *counted}):
        if kept.get(figure, 0) != counted.get(figure, 0):
            yield Difference(figure, kept.get(figure, 0), counted.get(figure, 0))


def _compared_months(
    kept: Mapping[str, Mapping[str, int]], counted: Mapping[str, Mapping[str, int]]
) -> Iterator[Difference]:
    for figure in sorted({*kept, *counted}):
        one, other = kept.get(figure, {}), counted.get(figure, {})
        if one != other:
            yield Difference(figure, sum(one.values()), sum(other.values()))


def _changed(report: Mapping[str, Mapping[str, object]], built: Mapping[str, Mapping[str, object]]) -> list[str]:
    keys = sorted({*report["figures"], *built["figures"]})
    return [key for key in keys if report["figures"].get(key) != built["figures"].get(key)] or [EVERYTHING]


def _kept_month(closed: CountedDay) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in MonthFigure.objects.filter(closed=closed):
        found.setdefault(row.figure, {})[f"{row.dimension} {row.value}"] = row.number
    return found


def _by_words(all_told: list[Told]) -> dict[str, int]:
    return {f"{told.dimension} {told.value}": told.number for told in all_told}


def _note(day: date, found: list[Difference]) -> None:
    differing = {each.figure: each for each in found}
    open_doubts = FigureDoubt.objects.filter(day=day, cleared_at=None)
    over = open_doubts.exclude(figure__in=differing)
    known = set(open_doubts.values_list("figure", flat=True))
    over.update(cleared_at=timezone.now())
    FigureDoubt.objects.bulk_create(
        FigureDoubt(day=day, figure=figure, kept=each.kept, counted=each.counted)
        for figure, each in differing.items()
        if figure not in known
    )
    what = _sentence(day)
    if found:
        alarms.raise_alarm(kind=AlarmKind.PUBLIC_FIGURES, what=what)
    else:
        alarms.clear(kind=AlarmKind.PUBLIC_FIGURES, by=CHECKER, what=what)


def _sentence(day: date) -> str:
    return f"The public figures of {day} come out otherwise when they are counted again from the log."
